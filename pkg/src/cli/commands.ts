/** All commands, in the order of the help. */
import type { Command } from './command.js';
import { certificates } from './commands/certificates.js';
import { doctor } from './commands/doctor.js';
import { presign } from './commands/presign.js';
import { request } from './commands/request.js';
import { trigger } from './commands/trigger.js';
import { verify } from './commands/verify.js';
import { sandbox } from './sandbox/index.js';

export const COMMANDS: readonly Command[] = [sandbox, trigger, presign, request, verify, doctor, certificates];
