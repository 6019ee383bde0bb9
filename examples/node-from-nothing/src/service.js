/** The service: what time it is somewhere, which needs Node's own tables and Debian's time zones alike. */
import { Hono } from 'hono';

export const service = new Hono();

service.get('/health', (context) =>
  context.json({ status: 'ok', node: process.version, arch: process.arch }),
);

service.get('/time/:region/:city', (context) => {
  const { region, city } = context.req.param();
  try {
    const style = { timeZone: `${region}/${city}`, dateStyle: 'full', timeStyle: 'long' };
    return context.json({ time: new Intl.DateTimeFormat('en', style).format(new Date()) });
  } catch {
    return context.json({ error: `no time zone is called ${region}/${city}` }, 404);
  }
});
