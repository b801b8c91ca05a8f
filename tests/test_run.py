"""What run.py promises before anything is installed, and when something is wrong."""

import hashlib
import os
import runpy
import signal
import socket
import subprocess
import sys

import pytest

import run


@pytest.fixture
def project(tmp_path, monkeypatch):
    """An empty project folder that run.py takes for its own."""
    monkeypatch.setattr(run, "ROOT", tmp_path)
    monkeypatch.setattr(run, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(run, "BUILD", tmp_path / "build")
    monkeypatch.setattr(run, "PYTHON", tmp_path / ".venv/bin/python")
    return tmp_path


@pytest.fixture
def taken_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener.getsockname()[1]


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def write_package(project, data, sha256):
    """Put a package that carries one browser file into the virtual environment, and ask for it."""
    site = project / ".venv/lib/python3.11/site-packages"
    (site / "carrier-1.0.dist-info").mkdir(parents=True)
    (site / "carrier-1.0.dist-info/METADATA").write_text("Name: carrier\nVersion: 1.0\n")
    (site / "carrier").mkdir()
    (site / "carrier/chart.js").write_bytes(data)
    (project / "assets.lock").write_text(f"# words\n{sha256} carrier carrier/chart.js chart.js\n")


def record_commands(monkeypatch, returncode=0, stdout=""):
    """Let run.py start nothing; return the list of what it would have started."""
    commands = []

    def started(command, **options):
        commands.append([str(word) for word in command])
        return subprocess.CompletedProcess(command, returncode, stdout=stdout)

    monkeypatch.setattr(run.subprocess, "run", started)
    return commands


def test_an_old_python_gets_one_sentence(monkeypatch):
    monkeypatch.setattr(sys, "version_info", (3, 9, 2, "final", 0))
    with pytest.raises(SystemExit, match=r"需要 Python 3\.11 或更高版本，当前是 3\.9"):
        runpy.run_path(run.__file__)


@pytest.mark.parametrize("missing", ["venv", "ensurepip"])
def test_a_python_without_venv_gets_one_sentence(project, monkeypatch, missing):
    monkeypatch.setattr(
        run.importlib.util, "find_spec", lambda name: None if name == missing else 1
    )
    with pytest.raises(SystemExit, match="apt install python3-venv"):
        run.make_venv()


def test_a_virtual_environment_that_no_longer_works_is_made_anew(project, monkeypatch):
    run.PYTHON.parent.mkdir(parents=True)
    run.PYTHON.touch()
    commands = record_commands(monkeypatch)
    monkeypatch.setattr(
        run.subprocess, "run", lambda command, **options: fail_probe(commands, command)
    )
    run.make_venv()
    assert commands[-1][1:] == ["-m", "venv", "--clear", str(run.VENV)]


def fail_probe(commands, command):
    commands.append([str(word) for word in command])
    return subprocess.CompletedProcess(command, 1 if "-c" in command else 0)


def test_a_taken_port_is_named_with_the_way_out(taken_port):
    with pytest.raises(SystemExit, match=rf"{taken_port} 端口.*--port {taken_port + 1}"):
        run.check_port("127.0.0.1", taken_port)


def test_a_free_port_is_taken_without_a_word():
    run.check_port("127.0.0.1", free_port())


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.7", "example.org"])
def test_demo_accounts_stay_on_this_machine(host):
    with pytest.raises(SystemExit, match="演示账号"):
        run.check_host(host, "office1  password  组织部经办")


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1"])
def test_demo_accounts_may_be_shown_here(host):
    run.check_host(host, "office1  password  组织部经办")


def test_without_demo_accounts_any_host_will_do():
    run.check_host("0.0.0.0", "")


def test_no_answer_about_demo_accounts_is_not_taken_for_none(project, monkeypatch):
    record_commands(monkeypatch, returncode=1)
    with pytest.raises(SystemExit, match="无法确认"):
        run.demo_accounts()


def test_demo_data_never_come_with_another_host(project, monkeypatch):
    commands = record_commands(monkeypatch)
    monkeypatch.setattr(run, "set_up", lambda: None)
    monkeypatch.setattr(run, "check_port", lambda host, port: None)
    monkeypatch.setattr(run, "watch", lambda *arguments: 0)
    run.serve("0.0.0.0", 8000)
    assert not [command for command in commands if "seed_demo" in command]
    run.serve("127.0.0.1", 8000)
    assert [command for command in commands if "seed_demo" in command]


def test_a_browser_file_that_is_not_the_official_one_stops_the_set_up(project):
    write_package(project, b"evil()", hashlib.sha256(b"good()").hexdigest())
    with pytest.raises(SystemExit, match=r"carrier/chart\.js 与官方文件不一致"):
        run.copy_assets()
    assert not (project / "build/vendor/chart.js").exists()


@pytest.mark.parametrize(
    "note", [b"//# sourceMappingURL=a.js.map", b"/*# sourceMappingURL=a.css.map */"]
)
def test_a_browser_file_is_copied_without_the_map_it_names(project, note):
    data = b"good()\n" + note
    write_package(project, data, hashlib.sha256(data).hexdigest())
    run.copy_assets()
    assert (project / "build/vendor/chart.js").read_bytes() == b"good()\n"


def test_an_installed_lock_is_not_installed_again_until_it_changes(project, monkeypatch):
    run.PYTHON.parent.mkdir(parents=True)
    run.PYTHON.touch()
    (project / "requirements.txt").write_text("django==5.2\n")
    commands = record_commands(monkeypatch)
    run.install(("requirements.txt",))
    installed = len(commands)
    run.install(("requirements.txt",))
    assert len(commands) == installed
    (project / "requirements.txt").write_text("django==5.2.1\n")
    run.install(("requirements.txt",))
    assert "--require-hashes" in commands[-1]


def test_a_failed_installation_is_tried_again(project, monkeypatch):
    (project / "requirements.txt").write_text("django==5.2\n")
    record_commands(monkeypatch, returncode=1)
    with pytest.raises(SystemExit, match="没有完成"):
        run.install(("requirements.txt",))
    assert not run.is_installed("requirements.txt")


def test_starting_installs_no_development_tools(monkeypatch):
    locks = []
    monkeypatch.setattr(run, "install", locks.append)
    monkeypatch.setattr(run, "copy_assets", lambda: None)
    run.prepare()
    assert locks == [("requirements.txt",)]


def test_the_secret_key_is_made_once_and_for_its_owner_alone(project, monkeypatch):
    monkeypatch.delenv("SECRET_KEY", raising=False)
    run.make_secret_key()
    first = (project / ".env").read_text()
    run.make_secret_key()
    assert (project / ".env").read_text() == first
    assert len(first) > 60
    assert (project / ".env").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    "written", ["HTTPS=True\n", "SECRET_KEY=\nHTTPS=True\n", "HTTPS=True\nSECRET_KEY=''\n"]
)
def test_a_file_without_a_key_gets_one_and_keeps_the_rest(project, monkeypatch, capsys, written):
    monkeypatch.delenv("SECRET_KEY", raising=False)
    (project / ".env").write_text(written)
    run.make_secret_key()
    key, rest = (project / ".env").read_text().split("\n", 1)
    assert len(key) > 60
    assert rest == "HTTPS=True\n"
    assert "已生成" in capsys.readouterr().err


def test_an_empty_secret_key_in_the_environment_is_told(project, monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "")
    with pytest.raises(SystemExit, match="SECRET_KEY 是空的"):
        run.make_secret_key()


@pytest.mark.parametrize(
    ("written", "given", "made"),
    [
        ("DATA_DIR=records/a\n", None, "records/a"),
        ('# DATA_DIR=x\nexport DATA_DIR="records"\n', None, "records"),
        ("DATA_DIR=records\n", "elsewhere", "elsewhere"),
        ("", None, "data"),
    ],
)
def test_the_folder_for_data_is_made_where_the_settings_say(
    project, monkeypatch, written, given, made
):
    (project / ".env").write_text(f"SECRET_KEY=x\n{written}")
    monkeypatch.delenv("DATA_DIR", raising=False)
    if given:
        monkeypatch.setenv("DATA_DIR", given)
    monkeypatch.setattr(run, "install", lambda locks: None)
    monkeypatch.setattr(run, "copy_assets", lambda: None)
    run.prepare()
    folders = [path for path in project.rglob("*") if path.is_dir()]
    assert project / made in folders
    assert len(folders) == len(made.split("/"))


def test_a_secret_key_in_the_environment_is_not_written_down(project, monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "from-the-site")
    run.make_secret_key()
    assert not (project / ".env").exists()


def test_static_files_are_collected_only_after_a_change(project, monkeypatch):
    for name in ("requirements.txt", "config/settings.py", "static/app.css"):
        (project / name).parent.mkdir(exist_ok=True)
        (project / name).write_text("1")
    (project / "build/static").mkdir(parents=True)
    commands = record_commands(monkeypatch)
    run.collect_static()
    run.collect_static()
    assert len(commands) == 1
    (project / "static/app.css").write_text("2")
    run.collect_static()
    assert len(commands) == 2


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ([], ["-n", "auto", "--maxprocesses", "8", "-m", "not sweep"]),
        (["-m", "sweep"], ["-n", "auto", "--maxprocesses", "8", "-m", "sweep"]),
        (["-n0", "tests/core"], ["-m", "not sweep", "-n0", "tests/core"]),
    ],
)
def test_tests_run_side_by_side_and_without_the_sweep_unless_asked(given, expected):
    assert run.pytest_arguments(given) == expected


def test_arguments_after_manage_are_handed_on_untouched(monkeypatch):
    called = []
    monkeypatch.setattr(run, "prepare", lambda: None)
    monkeypatch.setattr(run, "call", lambda *command: called.append(command) or 3)
    assert run.main(["manage", "migrate", "--plan", "--help"]) == 3
    assert called[0][2:] == ("migrate", "--plan", "--help")


def test_words_go_to_stderr(capsys):
    run.say("整理静态文件")
    assert capsys.readouterr() == ("", "整理静态文件\n")


def watching(*seconds):
    """Start run.py's watch over children that sleep so long; each says its process id."""
    child = (  # one write, so that the words of two children cannot mix
        "import os, sys, time; os.write(1, b'%d\\n' % os.getpid()); time.sleep(float(sys.argv[1]))"
    )
    script = (
        "import run, sys; "
        "child = sys.argv[1]; commands = [(sys.executable, '-c', child, s) for s in sys.argv[2:]]; "
        "sys.exit(run.watch(commands, '127.0.0.1', 1, 'ready'))"
    )
    command = [sys.executable, "-c", script, child, *map(str, seconds)]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, cwd=run.ROOT, stdout=pipe, stderr=pipe, encoding="utf-8")


def is_running(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_when_one_child_ends_the_other_is_stopped():
    watcher = watching(60, 0)
    output, words = watcher.communicate(timeout=90)
    assert watcher.returncode == 1
    assert "意外结束" in words
    assert not any(is_running(int(pid)) for pid in output.split())


@pytest.mark.parametrize("told", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_being_told_to_stop_stops_both_children(told):
    watcher = watching(60, 60)
    pids = [int(watcher.stdout.readline()) for _ in range(2)]  # the second may just be starting
    watcher.send_signal(told)
    watcher.communicate(timeout=90)
    assert watcher.returncode == 0
    assert not any(is_running(pid) for pid in pids)


@pytest.mark.parametrize(
    "failing", ["ruff", "mypy", "djade", "djlint", "makemigrations", "--deploy"]
)
def test_a_check_that_fails_fails_the_whole_and_stops_no_other(monkeypatch, capsys, failing):
    called = []

    def call(*command, env):
        called.append(command)
        return int(any(str(word).endswith(failing) for word in command))

    monkeypatch.setattr(run, "prepare", lambda locks: None)
    monkeypatch.setattr(run, "call", call)
    assert run.main(["check"]) == 1
    assert f"未通过：{'check ' * (failing == '--deploy')}{failing}" in capsys.readouterr().err
    assert len(called) >= 7


def test_production_values_are_what_the_deployment_check_sees(monkeypatch):
    monkeypatch.setenv("DEBUG", "True")
    values = run.production_environment()
    assert (values["DEBUG"], values["HTTPS"]) == ("False", "True")
