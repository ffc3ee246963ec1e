#!/usr/bin/env node
import '../build/compiler/cli/main.js';
