"""Reads calendar files with python3-icalendar and prints what it understood, one JSON array for all files."""
import json
import sys

from icalendar import Calendar


def address(value):
    return str(value or "").removeprefix("mailto:")


def event(component):
    attendee = component.get("attendee")
    return {
        "uid": str(component["uid"]),
        "sequence": int(component["sequence"]),
        "start": int(component["dtstart"].dt.timestamp()),
        "end": int(component["dtend"].dt.timestamp()),
        "summary": str(component["summary"]),
        "location": str(component.get("location", "")),
        "description": str(component.get("description", "")),
        "status": str(component["status"]),
        "organizer": address(component.get("organizer")),
        "attendee": address(attendee),
        "attendeeName": str(attendee.params.get("CN", "")) if attendee else "",
    }


calendars = []
for file in sys.argv[1:]:
    with open(file, "rb") as source:
        calendar = Calendar.from_ical(source.read())
    calendars.append({"method": str(calendar["method"]), "events": [event(e) for e in calendar.walk("VEVENT")]})
print(json.dumps(calendars))
