/** The process that renders chat templates. */
import { answerCalls } from '../../core/runtime/answer-calls.ts';
import { type ChatCall, renderJinja } from './jinja.ts';

answerCalls((call: ChatCall) => renderJinja(call));
