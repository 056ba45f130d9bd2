"""Reads calendar files with libical, the C library, and prints what it understood, one JSON array for all files."""
import ctypes
import json
import sys


class Time(ctypes.Structure):
    _fields_ = [(name, ctypes.c_int) for name in ("year", "month", "day", "hour", "minute", "second", "is_date", "is_daylight")]
    _fields_ += [("zone", ctypes.c_void_p)]


ical = ctypes.CDLL("libical.so.3")


def function(name, result, *arguments):
    found = getattr(ical, name)
    found.restype, found.argtypes = result, list(arguments)
    return found


pointer, text, number = ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int
parse = function("icalparser_parse_string", pointer, text)
event_kind = function("icalcomponent_string_to_kind", number, text)(b"VEVENT")
first = function("icalcomponent_get_first_component", pointer, pointer, number)
following = function("icalcomponent_get_next_component", pointer, pointer, number)
errors = function("icalcomponent_count_errors", number, pointer)
broken_rules = function("icalrestriction_check", number, pointer)
property_kind = function("icalproperty_string_to_kind", number, text)
first_property = function("icalcomponent_get_first_property", pointer, pointer, number)
value_of = function("icalproperty_get_value_as_string", text, pointer)
parameter_of = function("icalproperty_get_parameter_as_string", text, pointer, text)
unix = function("icaltime_as_timet_with_zone", ctypes.c_long, Time, pointer)
start_of = function("icalcomponent_get_dtstart", Time, pointer)
end_of = function("icalcomponent_get_dtend", Time, pointer)
texts = {name: function(f"icalcomponent_get_{name}", text, pointer) for name in ("uid", "summary", "location", "description")}
sequence_of = function("icalcomponent_get_sequence", number, pointer)


def value(component, name):
    found = first_property(component, property_kind(name.encode()))
    return (value_of(found) or b"").decode() if found else ""


def name_of(component, name):
    found = first_property(component, property_kind(name.encode()))
    return (parameter_of(found, b"CN") or b"").decode() if found else ""


def instant(time):
    return unix(time, time.zone)


def event(component):
    read = {name: (get(component) or b"").decode() for name, get in texts.items()}
    return read | {
        "sequence": sequence_of(component),
        "start": instant(start_of(component)),
        "end": instant(end_of(component)),
        "status": value(component, "STATUS"),
        "organizer": value(component, "ORGANIZER").removeprefix("mailto:"),
        "attendee": value(component, "ATTENDEE").removeprefix("mailto:"),
        "attendeeName": name_of(component, "ATTENDEE"),
    }


calendars = []
for file in sys.argv[1:]:
    with open(file, "rb") as source:
        calendar = parse(source.read())
    # libical also knows which properties a method asks for and forbids (RFC 5546): a broken rule counts as an error.
    broken_rules(calendar)
    if not calendar or errors(calendar):
        sys.exit(f"libical finds errors in {file}.")
    events, found = [], first(calendar, event_kind)
    while found:
        events.append(event(found))
        found = following(calendar, event_kind)
    calendars.append({"method": value(calendar, "METHOD"), "events": events})
print(json.dumps(calendars))
