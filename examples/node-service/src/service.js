/** The service: how many days lie between two dates. */
import { differenceInCalendarDays, isValid, parseISO } from 'date-fns';
import express from 'express';

export const service = express();

service.disable('x-powered-by');

service.get('/health', (_request, response) => {
  response.json({ status: 'ok' });
});

service.get('/days', (request, response) => {
  const from = parseISO(String(request.query['from']));
  const to = parseISO(String(request.query['to']));
  if (!isValid(from) || !isValid(to)) {
    response.status(400).json({ error: 'from and to are dates, such as 2024-02-28' });
    return;
  }
  response.json({ days: differenceInCalendarDays(to, from) });
});
