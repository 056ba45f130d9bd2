// Reads calendar files with ical.js and prints what it understood, one JSON array for all files.
import { readFileSync } from 'node:fs';
import ICAL from 'ical.js';

const event = (component) => {
  const read = new ICAL.Event(component);
  const attendee = component.getFirstProperty('attendee');
  const organizer = component.getFirstProperty('organizer');
  return {
    uid: read.uid,
    sequence: read.sequence,
    start: read.startDate.toUnixTime(),
    end: read.endDate.toUnixTime(),
    summary: read.summary,
    location: read.location ?? '',
    description: read.description ?? '',
    status: component.getFirstPropertyValue('status'),
    organizer: organizer?.getFirstValue().replace(/^mailto:/i, '') ?? '',
    attendee: attendee?.getFirstValue().replace(/^mailto:/i, '') ?? '',
    attendeeName: attendee?.getParameter('cn') ?? '',
  };
};

const calendars = process.argv.slice(2).map((file) => {
  const calendar = new ICAL.Component(ICAL.parse(readFileSync(file, 'utf8')));
  ICAL.TimezoneService.reset();
  for (const zone of calendar.getAllSubcomponents('vtimezone')) {
    ICAL.TimezoneService.register(zone);
  }
  return { method: calendar.getFirstPropertyValue('method'), events: calendar.getAllSubcomponents('vevent').map(event) };
});
console.log(JSON.stringify(calendars));
