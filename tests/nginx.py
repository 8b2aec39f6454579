"""nginx on loopback with the settings that ship in ``deploy/``, and nothing of them left out."""

import ipaddress
import os
import re
import shutil
import socket
import stat
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from tests.servers import free_port, stop
from tests.sources import ROOT

DEPLOY = ROOT / "deploy"
NAME = "localhost"
"""What stands in place of ``clinic.example``: the one name that needs no name server."""

_START_SECONDS = 30
_TEMPORARY = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")


@dataclass(frozen=True, slots=True)
class Front:
    """
    A running nginx.

    Attributes:
        url: Where browsers go, without a slash at the end.
        plain_url: Its door without TLS, which leads to ``url``; the same as ``url`` where no TLS is spoken.
        pid: Its first process.
        folder: Its settings, its logs and ``fullchain.pem``, the certificate to trust.
    """

    url: str
    plain_url: str
    pid: int
    folder: Path

    @property
    def access_log(self) -> str:
        """What it wrote about requests so far."""
        return (self.folder / "access.log").read_text(encoding="utf-8")


def find_nginx() -> str | None:
    """Return the program, or None when this machine has none."""
    return shutil.which("nginx", path=f"{os.environ.get('PATH', os.defpath)}:/usr/sbin")


@contextmanager
def running(
    nginx: str,
    folder: Path,
    upstreams: Sequence[int],
    *,
    has_tls: bool = True,
    put: Sequence[tuple[str, str]] = (),
) -> Iterator[Front]:
    """
    Serve the processes on the loopback ports *upstreams* until the block ends.

    Args:
        nginx: The program.
        folder: An empty one for its files.
        upstreams: Where the app's processes listen.
        has_tls: Whether to speak TLS as shipped; without, a browser's ``http`` is handed on, as
            the load client speaks it.
        put: What of the shipped settings is replaced by what.
    """
    port, plain_port = free_port(), free_port()
    settings = write_settings(folder, upstreams, port=port, plain_port=plain_port, has_tls=has_tls)
    for shipped, own in put:
        settings.write_text(_replaced(settings.read_text("utf-8"), shipped, own), encoding="utf-8")
    command = [nginx, "-e", str(folder / "start.log"), "-c", str(settings), "-g", "daemon off;"]
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    host = NAME if has_tls else "127.0.0.1"
    url = f"{'https' if has_tls else 'http'}://{host}:{port}"
    plain_url = f"http://{host}:{plain_port}" if has_tls else url
    try:
        _wait_for(port, process, folder)
        yield Front(url, plain_url, process.pid, folder)
    finally:
        stop(process)


def write_settings(
    folder: Path, upstreams: Sequence[int], *, port: int, plain_port: int, has_tls: bool = True
) -> Path:
    """
    Write the shipped settings into *folder* with what is this machine's put in place.

    Raises:
        ValueError: If something that has to be replaced does not stand there any more.
    """
    _let_through(folder)
    text = (DEPLOY / "nginx.conf").read_text(encoding="utf-8")
    for shipped, own in _places(folder, port, plain_port):
        text = _replaced(text, shipped, own)
    text = _replaced(text, "http {", f"http {{\n{_temporary_folders(folder)}")
    if has_tls:
        write_certificate(folder)
    else:
        text = _without_tls(text)
    (folder / "upstream.conf").write_text(_upstream(upstreams), encoding="utf-8")
    settings = folder / "nginx.conf"
    settings.write_text(text, encoding="utf-8")
    return settings


def write_certificate(folder: Path) -> None:
    """Make a key and a certificate of our own for this machine's loopback."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, NAME)])
    names = [x509.DNSName(NAME), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .sign(key, hashes.SHA256())
    )
    (folder / "fullchain.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    (folder / "privkey.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )


def _places(folder: Path, port: int, plain_port: int) -> list[tuple[str, str]]:
    return [
        # With the port, which a site of its own has no need to name.
        ("https://clinic.example$", f"https://{NAME}:{port}$"),
        ("server_name clinic.example;", f"server_name {NAME};"),
        ("listen 80", f"listen 127.0.0.1:{plain_port}"),
        ("listen 443", f"listen 127.0.0.1:{port}"),
        ("/etc/mendline/tls/", f"{folder}/"),
        ("/var/www/acme", f"{folder}/acme"),
        ("/var/log/nginx/", f"{folder}/"),
        ("/run/nginx.pid", f"{folder}/nginx.pid"),
        ("worker_processes auto;", "worker_processes 1;"),
    ]


def _let_through(folder: Path) -> None:
    """Let the worker, which runs as another account, pass through to *folder*."""
    for each in (folder, *folder.parents):
        mode = each.stat().st_mode
        if not mode & stat.S_IXOTH:
            each.chmod(mode | stat.S_IXGRP | stat.S_IXOTH)


def _temporary_folders(folder: Path) -> str:
    # Its own lie where only root may make them.
    return "\n".join(f"    {each}_temp_path {folder}/{each};" for each in _TEMPORARY)


def _without_tls(text: str) -> str:
    text = _replaced(text, " ssl http2", "")
    text = _replaced(text, f"server_name {NAME};", "server_name 127.0.0.1;")
    return re.sub(r"(?m)^ +ssl_(?:certificate|certificate_key|reject_handshake) .*\n", "", text)


def _upstream(ports: Sequence[int]) -> str:
    text = (DEPLOY / "upstream.conf").read_text(encoding="utf-8")
    [*shipped] = re.findall(r"(?m)^ +server 127\.0\.0\.1:\d+ .*\n", text)
    line = re.sub(r":\d+ ", ":{} ", shipped[0])
    return _replaced(text, "".join(shipped), "".join(line.format(port) for port in ports))


def _replaced(text: str, shipped: str, own: str) -> str:
    if shipped not in text:
        raise ValueError(f"deploy/nginx.conf no longer says {shipped!r}")
    return text.replace(shipped, own)


def _wait_for(port: int, process: subprocess.Popen[bytes], folder: Path) -> None:
    deadline = monotonic() + _START_SECONDS
    while monotonic() < deadline and process.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        try:
            process.wait(0.05)
        except subprocess.TimeoutExpired:
            continue
    said = (folder / "start.log").read_text(encoding="utf-8", errors="replace")
    raise AssertionError(f"nginx did not start:\n{said}")
