/** All commands, in the order of the help. */
import type { Command } from './command.js';
import { doctor } from './commands/doctor.js';
import { sandbox } from './sandbox/index.js';

export const COMMANDS: readonly Command[] = [sandbox, doctor];
