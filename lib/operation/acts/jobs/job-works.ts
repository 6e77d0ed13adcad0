import { Inject, Injectable } from '@nestjs/common';
import type { JobKind } from '../../../domain/jobs.js';
import type { JobWork } from './job-work.js';
import { EraseWork } from './erase-work.js';
import { MoveWork } from './move-work.js';
import { RecoverWork } from './recover-work.js';
import { ResendWork } from './resend-work.js';

/** The work of each kind of job. */
@Injectable()
export class JobWorks {
  private readonly works: Readonly<Record<JobKind, JobWork>>;

  constructor(
    @Inject(ResendWork) resend: ResendWork,
    @Inject(RecoverWork) recover: RecoverWork,
    @Inject(MoveWork) move: MoveWork,
    @Inject(EraseWork) erase: EraseWork,
  ) {
    this.works = { resend, recover, move, erase };
  }

  of(kind: JobKind): JobWork {
    return this.works[kind];
  }
}
