#!/usr/bin/env python3
"""zones.py [FOLDER] - prints zones.def from a folder of compiled time zones (/usr/share/zoneinfo)."""
import pathlib
import sys

HEAD = '''\
/*
 * zones.def - the time zones that a schedule may name. Made by zones.py from the IANA time zone database; do not edit,
 * but for SHORT.
 *
 * ZONE(name, rule)      rule: how its clocks go from now on, as POSIX writes it (TZ)
 * SHORT(name, meant)    the old names of three letters, and the zone that Java takes each for: they mean other zones
 *                       to other people
 */'''

# Java's own list (ZoneId.SHORT_IDS); those with a fixed offset stand for a zone that has it.
SHORT = '''ACT Australia/Darwin,AET Australia/Sydney,AGT America/Argentina/Buenos_Aires,ART Africa/Cairo,
AST America/Anchorage,BET America/Sao_Paulo,BST Asia/Dhaka,CAT Africa/Harare,CNT America/St_Johns,CST America/Chicago,
CTT Asia/Shanghai,EAT Africa/Addis_Ababa,ECT Europe/Paris,EST America/Panama,HST Pacific/Honolulu,
IET America/Indiana/Indianapolis,IST Asia/Kolkata,JST Asia/Tokyo,MIT Pacific/Apia,MST America/Phoenix,NET Asia/Yerevan,
NST Pacific/Auckland,PLT Asia/Karachi,PNT America/Phoenix,PRT America/Puerto_Rico,PST America/Los_Angeles,
SST Pacific/Guadalcanal,VST Asia/Ho_Chi_Minh'''

ASIDE = {"posix", "right"}                      # the same again, with and without leap seconds
NO_ZONE = {"localtime", "posixrules", "Factory"}


def rule(path):
    data = path.read_bytes()
    return data.rstrip(b"\n").rsplit(b"\n", 1)[1].decode() if data[:4] == b"TZif" else None


def main():
    root = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else "/usr/share/zoneinfo")
    short = [entry.split() for entry in SHORT.replace("\n", "").split(",")]
    zones = {}
    for path in root.rglob("*"):
        name = str(path.relative_to(root))
        if path.is_file() and name.split("/")[0] not in ASIDE and name not in NO_ZONE and (found := rule(path)):
            zones[name] = found
    print(HEAD)
    for name in sorted(zones):
        if name not in dict(short):
            print(f'ZONE("{name}", "{zones[name]}")')
    for name, meant in short:
        assert meant in zones, meant
        print(f'SHORT("{name}", "{meant}")')


main()
