"""Change pages of the admin as a person uses them: opened first, then saved."""


def opened(client, address):
    """Open a change page; return what its form holds without being typed."""
    form = client.get(address).context["adminform"].form
    return {"seen": form.initial["seen"]}


def change(client, address, **values):
    """Open a change page and save it with these values."""
    return client.post(address, {**opened(client, address), **values})
