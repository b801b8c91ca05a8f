"""Set up, serve, test and check the product, with nothing but Python: see `python3 run.py --help`.

Only the standard library is used, because this file runs before anything is installed. What it
says itself goes to stderr, so that the output of a command it calls can be piped.
"""

import argparse
import hashlib
import importlib.metadata
import importlib.util
import os
import pathlib
import re
import secrets
import signal
import socket
import subprocess
import sys
import time

MINIMUM = (3, 11)
if sys.version_info < MINIMUM:  # an older one must be able to read this file this far
    sys.exit(
        "需要 Python {}.{} 或更高版本，当前是 {}.{}。请安装新版本后用它运行 run.py。".format(
            *MINIMUM, *sys.version_info[:2]
        )
    )

ROOT = pathlib.Path(__file__).resolve().parent
VENV = ROOT / ".venv"
BUILD = ROOT / "build"
WINDOWS = os.name == "nt"
PYTHON = VENV / ("Scripts/python.exe" if WINDOWS else "bin/python")
LOCKS = ("requirements.txt", "requirements-dev.txt")
LOOPBACK = ("127.0.0.1", "localhost", "::1")
CHILD_STDERR = 2  # file descriptor: what a set-up step prints is our own words

# The map files are not copied, and a hashed static file must not point to a missing one.
SOURCE_MAP = re.compile(rb"\s*(/\*|//)# sourceMappingURL=\S+( \*/)?\s*$")


def say(text: str) -> None:
    """Tell the person at the terminal something."""
    print(text, file=sys.stderr, flush=True)


def call(*command: str | pathlib.Path, env: dict[str, str] | None = None) -> int:
    """Run a command in the project's folder, its output untouched; return its exit status."""
    return subprocess.run(command, cwd=ROOT, env=env, check=False).returncode


def must(what: str, *command: str | pathlib.Path) -> None:
    """Run a step of the set-up, or stop with a sentence that names it."""
    if subprocess.run(command, cwd=ROOT, stdout=CHILD_STDERR, check=False).returncode:
        sys.exit(f"{what}没有完成，原因见上面的输出。")


def manage(*arguments: str) -> tuple[str | pathlib.Path, ...]:
    """Return the command line of a management command."""
    return (PYTHON, ROOT / "manage.py", *arguments)


# --- set-up ---------------------------------------------------------------------------------------


def make_venv() -> None:
    """Make the virtual environment, also in place of one that no longer works."""
    if PYTHON.exists():
        probe = subprocess.run([PYTHON, "-c", "import pip"], capture_output=True, check=False)
        if probe.returncode == 0:
            return
    if not all(importlib.util.find_spec(name) for name in ("venv", "ensurepip")):
        sys.exit(
            "这个 Python 缺少 venv 或 ensurepip 模块，无法建立虚拟环境；"
            "Debian、Ubuntu、UOS 请先执行：sudo apt install python3-venv"
        )
    say("建立虚拟环境 .venv ……")
    must("建立虚拟环境", sys.executable, "-m", "venv", "--clear", VENV)


def digest(path: pathlib.Path) -> str:
    """Return the SHA-256 of a file, empty for a missing one."""
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.exists() else ""


def stamp_of(lock: str) -> pathlib.Path:
    """Return the file that says which state of a lock is installed."""
    return VENV / f"{lock}.sha256"


def is_installed(lock: str) -> bool:
    """Say whether the virtual environment holds just what the lock names."""
    stamp = stamp_of(lock)
    return PYTHON.exists() and stamp.exists() and stamp.read_text() == digest(ROOT / lock)


def install(locks: tuple[str, ...]) -> None:
    """Install the locks that changed since they were last installed."""
    changed = [lock for lock in locks if not is_installed(lock)]
    if not changed:
        return
    make_venv()
    say(f"安装 {'、'.join(changed)} ……")
    named = [word for lock in changed for word in ("-r", lock)]
    options = (
        "--disable-pip-version-check",
        "--quiet",
        "--require-hashes",
        "--only-binary",
        ":all:",
    )
    must("安装依赖", PYTHON, "-m", "pip", "install", *options, *named)
    for lock in changed:
        stamp_of(lock).write_text(digest(ROOT / lock))


def site_packages() -> list[str]:
    """Return the folders where the virtual environment keeps its packages."""
    return [
        str(path) for path in VENV.glob("Lib/site-packages" if WINDOWS else "lib/*/site-packages")
    ]


def copy_assets() -> None:
    """Copy the browser files out of their packages, or stop where one is not the official file."""
    lines = (ROOT / "assets.lock").read_text().splitlines()
    for sha256, package, source, target in (line.split() for line in lines if line[0] != "#"):
        found = next(iter(importlib.metadata.distributions(name=package, path=site_packages())))
        data = pathlib.Path(str(found.locate_file(source))).read_bytes()
        if hashlib.sha256(data).hexdigest() != sha256:
            sys.exit(f"{package} 中的 {source} 与官方文件不一致，已停止。请核对依赖来源。")
        data = SOURCE_MAP.sub(b"\n", data)
        path = BUILD / "vendor" / target
        if not path.exists() or path.read_bytes() != data:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)


def setting(name: str) -> str | None:
    """Read a setting as the application does: from the environment, else from .env."""
    if name in os.environ:
        return os.environ[name]
    path = ROOT / ".env"
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    found = re.search(rf"^(?:export )?{name}=(.*)$", text, re.MULTILINE)
    return found[1].strip("\"'") if found else None


def make_secret_key() -> None:
    """Write a key into .env, unless there is one or the environment gives it."""
    if setting("SECRET_KEY"):
        return
    if "SECRET_KEY" in os.environ:
        sys.exit("环境变量 SECRET_KEY 是空的：请填一个值，或者去掉它，由 run.py 在 .env 中生成。")
    path = ROOT / ".env"
    path.touch(mode=0o600)
    kept = re.sub(r"^(export )?SECRET_KEY=.*\n?", "", path.read_text("utf-8"), flags=re.MULTILINE)
    if kept:
        say(".env 中没有 SECRET_KEY，已生成一个写在第一行。")
    path.write_text(f"SECRET_KEY={secrets.token_urlsafe(50)}\n{kept}", encoding="utf-8")


def prepare(locks: tuple[str, ...] = LOCKS[:1]) -> None:
    """Make everything ready that needs no database."""
    install(locks)
    copy_assets()
    make_secret_key()
    (ROOT / (setting("DATA_DIR") or "data")).mkdir(parents=True, exist_ok=True)


def static_state() -> str:
    """Return a text that changes when a static file does; those of packages stand in the lock."""
    files = [ROOT / LOCKS[0], ROOT / "config" / "settings.py"]
    for folder in (ROOT / "static", BUILD / "vendor"):
        files += sorted(path for path in folder.rglob("*") if path.is_file())
    lines = "".join(f"{path.relative_to(ROOT)} {digest(path)}\n" for path in files)
    return hashlib.sha256(lines.encode()).hexdigest()


def collect_static() -> None:
    """Hash and compress the static files, only when one of them changed."""
    stamp, state = BUILD / "static" / ".state", static_state()
    if stamp.exists() and stamp.read_text() == state:
        return
    say("整理静态文件 ……")
    must("整理静态文件", *manage("collectstatic", "--no-input", "--clear", "--verbosity", "0"))
    stamp.write_text(state)


def set_up() -> None:
    """Make everything ready for serving: packages, browser files, key, database, static files."""
    prepare()
    say("更新数据库结构 ……")
    must("更新数据库结构", *manage("migrate", "--verbosity", "0"))
    collect_static()


# --- serving --------------------------------------------------------------------------------------


def check_port(host: str, port: int) -> None:
    """Stop with a sentence when the port cannot be had."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        if not WINDOWS:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            other = f"python3 run.py --port {port + 1}"
            sys.exit(f"无法使用 {host} 的 {port} 端口（{error.strerror}），可换一个端口：{other}")


def demo_accounts() -> str:
    """Ask the application for its demo accounts, one a line; empty where there is none."""
    answer = subprocess.run(
        manage("demo_accounts"),
        cwd=ROOT,
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
        stdout=subprocess.PIPE,
        encoding="utf-8",
        check=False,
    )
    if answer.returncode:
        sys.exit("无法确认有没有演示账号，已停止，原因见上面的输出。")
    return answer.stdout.strip()


def check_host(host: str, accounts: str) -> None:
    """Refuse to show demo accounts, whose passwords anybody can read, to other machines."""
    if accounts and host not in LOOPBACK:
        sys.exit(
            f"数据库中有演示账号（密码是公开的），只能在本机使用，不能监听 {host}。"
            "正式使用请换一个没有演示账号的数据库（设置 DATABASE_URL）。"
        )


def server_command(host: str, port: int) -> tuple[str | pathlib.Path, ...]:
    """Return the command line of the web server."""
    address = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    if WINDOWS:
        waitress = (PYTHON, "-m", "waitress", f"--listen={address}", "--threads=8")
        return (*waitress, "config.wsgi:application")
    workers = ("--worker-class", "gthread", "--workers", "2", "--threads", "4")
    options = (*workers, "--no-control-socket", "--log-level", "warning", "--bind", address)
    return (PYTHON, "-m", "gunicorn", *options, "config.wsgi:application")


def answers(host: str, port: int) -> bool:
    """Say whether something listens there."""
    try:
        socket.create_connection((host, port), timeout=1).close()
    except OSError:
        return False
    return True


def stop(children: list[subprocess.Popen[bytes]]) -> None:
    """End the children, kindly first."""
    for child in children:
        child.terminate()
    for child in children:
        try:
            child.wait(timeout=10)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


def watch(commands: list[tuple[str | pathlib.Path, ...]], host: str, port: int, words: str) -> int:
    """Run the commands side by side until we are told to stop or one of them ends."""
    # Noted, not raised: a signal between the start of a child and its entry here would forget it.
    # SIGINT too: a shell hands it on ignored to what it starts in the background.
    told: list[int] = []
    for name in {"SIGINT", "SIGTERM", "SIGHUP"} & set(dir(signal)):
        signal.signal(getattr(signal, name), lambda number, _: told.append(number))
    # Sessions of their own: Ctrl-C reaches this process alone, which then stops both in order.
    children: list[subprocess.Popen[bytes]] = []
    try:
        children.extend(
            subprocess.Popen(command, cwd=ROOT, start_new_session=True) for command in commands
        )
        while not told and all(child.poll() is None for child in children):
            if words and answers(host, port):
                say(words)
                words = ""
            time.sleep(0.2)
    finally:
        say("正在停止 ……" if told else "服务器或后台任务进程意外结束，已停止，原因见上面的输出。")
        stop(children)
    return 0 if told else 1


def serve(host: str, port: int) -> int:
    """Set up, add demo data to an empty local database, and serve until stopped."""
    check_port(host, port)
    set_up()
    if host in LOOPBACK:
        must("生成演示数据", *manage("seed_demo", "--if-empty"))
    accounts = demo_accounts()
    check_host(host, accounts)
    words = f"\n已启动：http://{f'[{host}]' if ':' in host else host}:{port}/  （按 Ctrl-C 停止）"
    if accounts:
        words += f"\n演示账号，每种角色一个：\n{accounts}"
    worker = manage("db_worker", "--interval", "1", "--no-startup-delay", "--no-reload")
    return watch([server_command(host, port), worker], host, port, words)


# --- tests and checks -----------------------------------------------------------------------------


def pytest_arguments(given: list[str]) -> list[str]:
    """Add what was not given: two or more processes, and no sweep."""
    arguments = list(given)
    if not any(word.startswith("-m") for word in given):
        arguments = ["-m", "not sweep", *arguments]
    if not any(word.startswith(("-n", "--numprocesses", "--pdb")) for word in given):
        arguments = ["-n", "auto", "--maxprocesses", "8", *arguments]
    return arguments


def test(given: list[str]) -> int:
    """Set up what tests need and run them."""
    prepare(LOCKS)
    return call(PYTHON, "-m", "pytest", *pytest_arguments(given))


def production_environment() -> dict[str, str]:
    """Return an environment with the values of a real site, and a database that is never filled."""
    values = {"DEBUG": "False", "HTTPS": "True", "ALLOWED_HOSTS": "example.org"}
    secret = {"SECRET_KEY": secrets.token_urlsafe(50), "DATABASE_URL": "sqlite://:memory:"}
    return {**os.environ, **values, **secret}


def check(*, fix: bool) -> int:
    """Run every check that needs no test, all of them even if one fails."""
    prepare(LOCKS)
    tool = (PYTHON, "-m")
    pages = sorted(str(path.relative_to(ROOT)) for path in ROOT.glob("templates/**/*.html"))
    only_look = () if fix else ("--check",)
    commands: dict[str, tuple[str | pathlib.Path, ...]] = {
        "ruff check": (*tool, "ruff", "check", *(("--fix",) if fix else ()), "."),
        "ruff format": (*tool, "ruff", "format", *only_look, "."),
        "mypy": (*tool, "mypy"),
        "djade": (PYTHON.with_name("djade"), *only_look, "--target-version", "5.2", *pages),
        "djlint": (*tool, "djlint", "--lint", "--quiet", "templates"),
        "makemigrations --check": manage("makemigrations", "--check", "--dry-run"),
        "draw_workflow": manage("draw_workflow", "--check"),
        "check --deploy": manage("check", "--deploy", "--fail-level", "WARNING"),
    }
    failed = []
    for name, command in commands.items():
        say(f"── {name}")
        if call(*command, env=production_environment()):
            failed.append(name)
    say(f"未通过：{'、'.join(failed)}" if failed else "检查全部通过。")
    return 1 if failed else 0


def parse(arguments: list[str]) -> argparse.Namespace:
    """Read the command line of what does not hand its arguments on."""
    parser = argparse.ArgumentParser(
        prog="run.py",
        description="不带子命令：安装、准备演示数据并启动。",
        epilog="另有 manage（执行 manage.py 命令）和 test（运行测试，参数交给 pytest）。",
    )
    parser.add_argument("--host", default="127.0.0.1", help="监听地址，默认 127.0.0.1")
    parser.add_argument("--port", type=int, default=8000, help="端口，默认 8000")
    commands = parser.add_subparsers(dest="command")
    commands.add_parser("setup", help="只安装和准备，不启动")
    fix = commands.add_parser("check", help="代码检查")
    fix.add_argument("--fix", action="store_true", help="能自动改的先改好")
    return parser.parse_args(arguments)


def main(arguments: list[str]) -> int:
    """Do what the command line asks; return the exit status."""
    if arguments[:1] == ["manage"]:
        prepare()
        return call(*manage(*arguments[1:]))
    if arguments[:1] == ["test"]:
        return test(arguments[1:])
    options = parse(arguments)
    if options.command == "check":
        return check(fix=options.fix)
    if options.command == "setup":
        set_up()
        return 0
    return serve(options.host, options.port)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
