//! Which addresses belong to everybody, and which to somebody's own network.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::{Ipv4Net, Ipv6Net};

const fn v4(a: u8, b: u8, c: u8, d: u8, length: u8) -> Ipv4Net {
    Ipv4Net::new_assert(Ipv4Addr::new(a, b, c, d), length)
}

const fn v6(a: u16, b: u16, c: u16, length: u8) -> Ipv6Net {
    Ipv6Net::new_assert(Ipv6Addr::new(a, b, c, 0, 0, 0, 0, 0), length)
}

/// Not of the public network. Source: IANA's IPv4 special-purpose address registry, RFC 6890.
const REFUSED_V4: [(Ipv4Net, &str); 16] = [
    (v4(0, 0, 0, 0, 8), "unspecified"),
    (v4(10, 0, 0, 0, 8), "private"),
    (v4(100, 64, 0, 0, 10), "shared"),
    (v4(127, 0, 0, 0, 8), "loopback"),
    (v4(169, 254, 0, 0, 16), "link-local"),
    (v4(172, 16, 0, 0, 12), "private"),
    (v4(192, 0, 0, 0, 24), "reserved"),
    (v4(192, 0, 2, 0, 24), "documentation"),
    (v4(192, 31, 196, 0, 24), "reserved"),
    (v4(192, 52, 193, 0, 24), "reserved"),
    (v4(192, 88, 99, 0, 24), "reserved"),
    (v4(192, 168, 0, 0, 16), "private"),
    (v4(198, 18, 0, 0, 15), "benchmarking"),
    (v4(198, 51, 100, 0, 24), "documentation"),
    (v4(203, 0, 113, 0, 24), "documentation"),
    // Multicast, reserved and broadcast.
    (v4(224, 0, 0, 0, 3), "multicast or reserved"),
];

/// All that IANA has given out for the public network; whatever lies outside is refused.
const GLOBAL_V6: Ipv6Net = v6(0x2000, 0, 0, 3);

/// Within [`GLOBAL_V6`], what is not public, or hides an IPv4 address that another machine
/// than the one named would be asked to reach. Source: IANA's IPv6 special-purpose registry.
const REFUSED_V6: [(Ipv6Net, &str); 5] = [
    // Teredo, ORCHID, benchmarking, …
    (v6(0x2001, 0, 0, 23), "teredo or reserved"),
    (v6(0x2001, 0xdb8, 0, 32), "documentation"),
    (v6(0x2002, 0, 0, 16), "6to4"),
    (v6(0x2620, 0x4f, 0x8000, 48), "reserved"),
    (v6(0x3fff, 0, 0, 20), "documentation"),
];

/// Outside of [`GLOBAL_V6`], the ones worth a name of their own.
const NAMED_V6: [(Ipv6Net, &str); 6] = [
    (v6(0x64, 0xff9b, 0, 96), "nat64"),
    (v6(0x64, 0xff9b, 1, 48), "nat64"),
    (v6(0xfc00, 0, 0, 7), "unique-local"),
    (v6(0xfe80, 0, 0, 10), "link-local"),
    (v6(0xfec0, 0, 0, 10), "site-local"),
    (v6(0xff00, 0, 0, 8), "multicast"),
];

/// Why nothing may be sent to an address, if so; e.g. `private`, `loopback`, `nat64`.
///
/// Addresses that carry another one (mapped, compatible, NAT64, 6to4, Teredo) are refused
/// whatever they carry: no public receiver is named by one.
pub fn objection(address: IpAddr) -> Option<&'static str> {
    match address {
        IpAddr::V4(address) => REFUSED_V4
            .iter()
            .find(|(net, _)| net.contains(&address))
            .map(|(_, why)| *why),
        IpAddr::V6(address) => objection_v6(address),
    }
}

fn objection_v6(address: Ipv6Addr) -> Option<&'static str> {
    let named = |nets: &[(Ipv6Net, &'static str)]| {
        let found = nets.iter().find(|(net, _)| net.contains(&address));
        found.map(|(_, why)| *why)
    };
    if GLOBAL_V6.contains(&address) {
        return named(&REFUSED_V6);
    }
    let why = match address.segments() {
        [0, 0, 0, 0, 0, 0, 0, 0] => "unspecified",
        [0, 0, 0, 0, 0, 0, 0, 1] => "loopback",
        [0, 0, 0, 0, 0, 0xffff, ..] => "v4-mapped",
        [0, 0, 0, 0, 0, 0, ..] => "v4-compatible",
        _ => named(&NAMED_V6).unwrap_or("reserved"),
    };
    Some(why)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Option<&'static str> {
        objection(text.parse().unwrap())
    }

    #[test]
    fn what_belongs_to_somebodys_own_network_is_refused() {
        for (text, why) in [
            ("0.0.0.0", "unspecified"),
            ("0.1.2.3", "unspecified"),
            ("10.255.255.255", "private"),
            ("100.64.0.1", "shared"),
            ("100.127.255.255", "shared"),
            ("127.0.0.1", "loopback"),
            ("127.255.0.1", "loopback"),
            ("169.254.169.254", "link-local"),
            ("172.16.0.1", "private"),
            ("172.31.255.255", "private"),
            ("192.0.0.170", "reserved"),
            ("192.0.2.1", "documentation"),
            ("192.88.99.1", "reserved"),
            ("192.168.1.1", "private"),
            ("198.19.0.1", "benchmarking"),
            ("198.51.100.7", "documentation"),
            ("203.0.113.7", "documentation"),
            ("224.0.0.1", "multicast or reserved"),
            ("240.0.0.1", "multicast or reserved"),
            ("255.255.255.255", "multicast or reserved"),
        ] {
            assert_eq!(of(text), Some(why), "{text}");
        }
    }

    #[test]
    fn no_form_of_ipv6_leads_around_that() {
        for (text, why) in [
            ("::", "unspecified"),
            ("::1", "loopback"),
            ("::ffff:127.0.0.1", "v4-mapped"),
            ("::ffff:8.8.8.8", "v4-mapped"),
            ("::127.0.0.1", "v4-compatible"),
            ("::ffff:0:127.0.0.1", "reserved"),
            ("64:ff9b::7f00:1", "nat64"),
            ("64:ff9b:1::7f00:1", "nat64"),
            ("100::1", "reserved"),
            ("2001::1", "teredo or reserved"),
            ("2001:20::1", "teredo or reserved"),
            ("2001:db8::1", "documentation"),
            ("2002:7f00:1::", "6to4"),
            ("3fff::1", "documentation"),
            ("4000::1", "reserved"),
            ("5f00::1", "reserved"),
            ("fc00::1", "unique-local"),
            ("fd00:ec2::254", "unique-local"),
            ("fe80::1", "link-local"),
            ("febf::1", "link-local"),
            ("fec0::1", "site-local"),
            ("ff02::1", "multicast"),
        ] {
            assert_eq!(of(text), Some(why), "{text}");
        }
    }

    #[test]
    fn public_addresses_pass() {
        for text in [
            "1.1.1.1",
            "8.8.8.8",
            "100.63.255.255",
            "100.128.0.1",
            "172.15.0.1",
            "172.32.0.1",
            "192.0.1.1",
            "223.255.255.255",
            "2606:4700::1111",
            "2001:4860:4860::8888",
            "2a00:1450::1",
        ] {
            assert_eq!(of(text), None, "{text}");
        }
    }
}
