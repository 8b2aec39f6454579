"""What the environment may say about the server, and when it may be reached by others."""

from ipaddress import ip_network

import pytest

from web.deployment import (
    EXPOSED,
    PLAIN_WORDS,
    Deployment,
    InvalidDeployment,
    check_listening,
    read_deployment,
)

PROXIED = Deployment(
    hosts=("clinic.example",), proxies=(ip_network("10.0.0.2"), ip_network("10.1.0.0/24"))
)


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("MENDLINE_HOSTS", "*"),
        ("MENDLINE_HOSTS", "*.clinic.example"),
        ("MENDLINE_HOSTS", ".clinic.example"),
        ("MENDLINE_HOSTS", "clinic.example."),
        ("MENDLINE_HOSTS", "clinic..example"),
        ("MENDLINE_HOSTS", "clinic.example:8443"),
        ("MENDLINE_HOSTS", "https://clinic.example"),
        ("MENDLINE_HOSTS", "clinic.example/path"),
        ("MENDLINE_HOSTS", "a@clinic.example"),
        ("MENDLINE_HOSTS", "clinic.example evil.example"),
        ("MENDLINE_HOSTS", "clínic.example"),
        ("MENDLINE_HOSTS", "[::1"),
        ("MENDLINE_HOSTS", "-clinic.example"),
        ("MENDLINE_HOSTS", "x" * 254),
        ("MENDLINE_PROXY", "*"),
        ("MENDLINE_PROXY", "proxy.example"),
        ("MENDLINE_PROXY", "10.0.0.2:80"),
        ("MENDLINE_PROXY", "10.0.0.1/24"),
        ("MENDLINE_PROXY", "10.0.0.2 10.0.0.3"),
        ("MENDLINE_PROXY", "0.0.0.0/0"),
        ("MENDLINE_PROXY", "::/0"),
        ("MENDLINE_WITHOUT_TLS", "1"),
        ("MENDLINE_WITHOUT_TLS", "yes"),
        ("MENDLINE_WITHOUT_TLS", PLAIN_WORDS.upper()),
        ("MENDLINE_WITHOUT_TLS", f"{PLAIN_WORDS}."),
    ],
)
def test_what_cannot_be_meant_is_refused(variable: str, value: str) -> None:
    """The sentence names the variable, says what to write, and repeats nothing."""
    others = {"MENDLINE_HOSTS": "clinic.example"} | {variable: value}

    with pytest.raises(InvalidDeployment, match=f"^{variable} must [^.].*, so .*$") as refusal:
        read_deployment(others)

    assert str(refusal.value).endswith(".")


def test_a_proxy_needs_the_name_of_the_site() -> None:
    """Else no request through it could ever be answered."""
    with pytest.raises(InvalidDeployment, match="MENDLINE_PROXY needs MENDLINE_HOSTS"):
        read_deployment({"MENDLINE_PROXY": "10.0.0.2"})


def test_nothing_said_is_loopback_alone() -> None:
    """Empty values are as good as none."""
    empty = {"MENDLINE_HOSTS": "", "MENDLINE_PROXY": " , ", "MENDLINE_WITHOUT_TLS": ""}

    assert read_deployment({}) == read_deployment(empty) == Deployment()
    assert not Deployment().may_be_reached


def test_lists_are_read_as_people_write_them() -> None:
    """Any case, any spaces; IPv6 in brackets or without."""
    said = read_deployment(
        {
            "MENDLINE_HOSTS": " Clinic.Example ,192.168.1.5, [2001:DB8:0::1],",
            "MENDLINE_PROXY": "10.0.0.2, 2001:db8::/32",
        }
    )

    assert said.hosts == ("clinic.example", "192.168.1.5", "2001:db8::1")
    assert said.proxies == (ip_network("10.0.0.2"), ip_network("2001:db8::/32"))


def test_people_are_told_the_address_of_the_site() -> None:
    """Behind a proxy it is the first name; else the server knows its own."""
    assert PROXIED.site == "https://clinic.example"
    assert Deployment(hosts=("::2",), proxies=PROXIED.proxies).site == "https://[::2]"
    assert Deployment(hosts=PROXIED.hosts).site is None


@pytest.mark.parametrize(
    ("address", "is_proxy"),
    [
        ("10.0.0.2", True),
        ("::ffff:10.0.0.2", True),
        ("10.1.0.255", True),
        ("10.0.0.3", False),
        ("10.1.1.0", False),
        ("127.0.0.1", False),
        ("::1", False),
        ("", False),
        ("testclient", False),
        (None, False),
    ],
)
def test_only_the_named_addresses_are_the_proxy(address: str | None, is_proxy: bool) -> None:
    """Not the machine itself, nor a neighbour; an IPv6 socket writes IPv4 in its own way."""
    assert PROXIED.is_proxy(address) is is_proxy


@pytest.mark.parametrize("address", ["0.0.0.0", "::", "192.168.1.5", "2001:db8::1", "clinic"])
def test_others_are_not_let_in_without_tls(address: str) -> None:
    """One open socket among closed ones is enough, and names alone protect nobody."""
    for said in (Deployment(), Deployment(hosts=PROXIED.hosts)):
        with pytest.raises(InvalidDeployment) as refusal:
            check_listening(said, ["127.0.0.1", address], has_certificate=False)
        assert str(refusal.value) == EXPOSED


@pytest.mark.parametrize(
    ("said", "has_certificate"),
    [
        (Deployment(), True),
        (PROXIED, False),
        (read_deployment({"MENDLINE_WITHOUT_TLS": PLAIN_WORDS}), False),
    ],
)
def test_others_are_let_in_with_tls_or_the_plain_words(
    said: Deployment, has_certificate: bool
) -> None:
    """A certificate, a proxy with the site's name, or the words to the letter."""
    check_listening(said, ["0.0.0.0"], has_certificate=has_certificate)


def test_loopback_needs_nothing() -> None:
    """As people try it at home, whichever loopback it is."""
    addresses = ["127.0.0.1", "127.0.0.2", "::1", "::ffff:127.0.0.1"]

    check_listening(Deployment(), addresses, has_certificate=False)
    check_listening(Deployment(), [], has_certificate=False)
