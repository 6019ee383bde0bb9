#!/usr/bin/env node
console.log(require('yaml').stringify({ tool: 'monorepo' }));
