#!/usr/bin/env node
const { serve } = require('@hono/node-server');
const { project } = require('@monorepo/shared');
const { greet } = require('greeting');
const { Hono } = require('hono');
const ms = require('ms');
const { path } = require('./routes/root.js');

const app = new Hono();
app.get(path, (context) => context.json({ project, greeting: greet(project), day: ms('1d') }));
serve({ fetch: app.fetch, hostname: '127.0.0.1', port: Number(process.env.PORT) });
