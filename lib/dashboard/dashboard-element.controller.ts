import { Get } from '@nestjs/common';
import type { RouteAnswer } from '../routes/route-answer.js';
import { dashboardScript } from './element-script.js';
import { scriptAnswer, ScriptHeaders, ScriptName } from './script-answer.js';

/** The scripts of `<webhooks-dashboard>`. They are the same for everybody, so they use none of the app's guards. */
export class DashboardElementController {
  @Get(':script')
  script(@ScriptName() name: string, @ScriptHeaders() headers: ScriptHeaders): RouteAnswer {
    return scriptAnswer(dashboardScript(name), headers);
  }
}
