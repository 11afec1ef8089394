use super::*;

fn code(text: &str) -> &'static str {
    match admit(text, &Exceptions::none()) {
        Ok(_) => "admitted",
        Err(fault) => fault.code(),
    }
}

#[test]
fn public_https_addresses_are_admitted() {
    for text in [
        "https://hooks.example.com/dunning?tenant=7",
        "https://hooks.example.com:8443/",
        "https://hooks.example.com./",
        "https://8.8.8.8/",
        "https://[2606:4700::1111]/",
        "https://exämple.com/",
        "HTTPS://HOOKS.EXAMPLE.COM/",
        // Ends like a name of one's own, and is none.
        "https://mylocalhost.com/",
        "https://notinternal.dev/",
    ] {
        assert_eq!(code(text), "admitted", "{text}");
    }
}

#[test]
fn a_number_is_an_address_in_whatever_notation() {
    for text in [
        "https://127.0.0.1/",
        "https://2130706433/",
        "https://0x7f000001/",
        "https://0x7f.1/",
        "https://0177.0.0.1/",
        "https://127.1/",
        "https://0/",
        "https://127.0.0.1./",
        "https://%31%32%37.0.0.1/",
        "https://①②⑦.0.0.1/",
        "https://127。0。0。1/",
        "https://169.254.169.254/latest/meta-data/",
        "https://2852039166/",
        "https://[::1]/",
        "https://[::ffff:127.0.0.1]/",
        "https://[::ffff:7f00:1]/",
        "https://[0:0:0:0:0:0:7f00:1]/",
        "https://[64:ff9b::169.254.169.254]/",
        "https://[fd00:ec2::254]/",
        "https:///127.0.0.1/",
        "https:\\\\127.0.0.1\\",
    ] {
        assert_eq!(code(text), "address-refused", "{text}");
    }
}

#[test]
fn names_of_ones_own_network_are_refused() {
    for text in [
        "https://localhost/",
        "https://LOCALHOST/",
        "https://localhost./",
        "https://a.localhost/",
        "https://ｌocalhost/",
        "https://printer.local/",
        "https://metadata.google.internal/",
        "https://router.home.arpa/",
        "https://intranet/",
        "https://intranet./",
    ] {
        assert_eq!(code(text), "url-own-name", "{text}");
    }
}

#[test]
fn what_is_wrong_with_an_address_is_named() {
    for (text, expected) in [
        ("http://hooks.example.com/", "url-scheme"),
        ("http://8.8.8.8/", "url-scheme"),
        ("ftp://hooks.example.com/", "url-scheme"),
        ("file:///etc/passwd", "url-scheme"),
        ("gopher://hooks.example.com/", "url-scheme"),
        ("https://user@hooks.example.com/", "url-user"),
        ("https://:secret@hooks.example.com/", "url-user"),
        ("https://hooks.example.com@127.0.0.1/", "url-user"),
        ("https://hooks.example.com/#x", "url-fragment"),
        ("https://hooks.example.com:22/", "url-port"),
        ("https://hooks.example.com:80/", "url-port"),
        ("https://hooks.example.com:0/", "url-port"),
        ("https://hooks.example.com:99999/", "url-unreadable"),
        ("hooks.example.com", "url-unreadable"),
        ("https://", "url-unreadable"),
        ("https://./", "url-host"),
        ("https://[fe80::1%25eth0]/", "url-unreadable"),
        ("https://256.256.256.256/", "url-unreadable"),
        ("", "url-unreadable"),
    ] {
        assert_eq!(code(text), expected, "{text}");
    }
    let long = format!("https://hooks.example.com/{}", "a".repeat(2048));
    assert_eq!(code(&long), "url-too-long");
}

#[test]
fn an_exception_is_for_what_it_names_alone() {
    let exceptions = Exceptions::read(["localhost:8080", "10.20.0.0/16"]).unwrap();
    let is_admitted = |text: &str| admit(text, &exceptions).is_ok();
    assert!(is_admitted("http://localhost:8080/"));
    assert!(is_admitted("https://LOCALHOST.:8080/"));
    assert!(is_admitted("http://10.20.3.4:81/"));
    assert!(!is_admitted("http://localhost:8081/"));
    assert!(!is_admitted("http://a.localhost:8080/"));
    assert!(!is_admitted("http://127.0.0.1:8080/"));
    assert!(!is_admitted("http://10.21.0.1/"));
    assert!(!is_admitted("http://hooks.example.com/"));
    assert!(!is_admitted("http://user@localhost:8080/"));
}
