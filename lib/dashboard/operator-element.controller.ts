import { Get } from '@nestjs/common';
import type { RouteAnswer } from '../routes/route-answer.js';
import { operatorScript } from './element-script.js';
import { scriptAnswer, ScriptHeaders, ScriptName } from './script-answer.js';

/** The script of `<webhooks-operator>`. It contains no data, so it uses none of the operators' guards. */
export class OperatorElementController {
  @Get(':script')
  script(@ScriptName() name: string, @ScriptHeaders() headers: ScriptHeaders): RouteAnswer {
    return scriptAnswer(operatorScript(name), headers);
  }
}
