#!/usr/bin/env node
// The installed command: runs the TypeScript beside it.
require("tsx/cjs");
require("./main.ts");
