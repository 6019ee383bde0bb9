const { z } = require('zod');

exports.project = z.string().parse('workspace-monorepo');
