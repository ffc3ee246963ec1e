#!/usr/bin/env node
// The validator takes longer to load than everything else and has a thread of its own: it starts before the rest does.
if (['build', 'check', 'plan', 'dev'].includes(process.argv[2])) (await import('../build/compiler/1-load/validate/thread.js')).prepareValidation();
await import('../build/compiler/cli/main.js');
