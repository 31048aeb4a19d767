/** Chat templates that nobody should render. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { casesOf, type HostileCase } from './hostile-case.ts';

const ASK = '{{ messages[0].content }}';
const nested = (depth: number, body: string) =>
  `${'{% for i in range(10000) %}'.repeat(depth)}${body}${'{% endfor %}'.repeat(depth)}`;
const doubled = (times: number) => {
  const double = '{% set ns.t = ns.t ~ ns.t %}';
  return `{% set ns = namespace(t="ab") %}${double.repeat(times)}`;
};

/** Templates that take time, memory or room without end. */
export function endlessTemplates(): HostileCase[] {
  return cases('endless', {
    'four loops in each other': nested(4, ''),
    'four loops that write': nested(4, 'x'),
    'a loop that adds to a list':
      '{% set ns = namespace(l=[1]) %}{% for i in range(40) %}{% set ns.l = ns.l + ns.l %}{% endfor %}',
    'a text that doubles 24 times': `${doubled(24)}{{ ns.t }}${ASK}`,
    'a text that doubles forty times': `${doubled(40)}{{ ns.t }}${ASK}`,
    'a text that doubles a thousand times': `${doubled(1000)}{{ ns.t }}${ASK}`,
    'a macro that calls itself': '{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}',
    'a macro that calls itself twice':
      '{% macro m(n) %}{% if n > 0 %}{{ m(n - 1) }}{{ m(n - 1) }}{% endif %}{% endmacro %}{{ m(60) }}',
    'a range without end': '{% for i in range(1000000000000) %}x{% endfor %}',
    'a range of steps of nothing': '{% for i in range(0, 10, 0) %}x{% endfor %}',
    'a text that is replaced by longer ones': `${doubled(16)}${'{% set ns.t = ns.t | replace("a", "aaaaaaaaaaaaaaaa") %}'.repeat(8)}{{ ns.t }}`,
    'joins of joins': `{% set ns = namespace(t="ab") %}${'{% set ns.t = [ns.t, ns.t, ns.t, ns.t] | join(ns.t) %}'.repeat(20)}{{ ns.t }}`,
    'indents of indents': `{% set ns = namespace(t="a\\nb") %}${'{% set ns.t = (ns.t ~ "\\n" ~ ns.t) | indent(1000, true) %}'.repeat(25)}{{ ns.t }}`,
    'a list of itself as JSON': '{% set ns = namespace(l=[]) %}{% set ns.l = [ns, ns] %}{{ ns | tojson }}',
  });
}

/** Templates that are none, or none for a user's message. */
export function wrongTemplates(): HostileCase[] {
  return cases('wrong', {
    nothing: '',
    'text alone': 'Hello.',
    'an open expression': '{{ messages',
    'an open statement': '{% for message in messages',
    'a loop that does not end': '{% for message in messages %}{{ message.content }}',
    'an end of nothing': `{% endfor %}${ASK}`,
    'an unknown statement': `{% import os %}${ASK}`,
    'an unknown filter': '{{ messages[0].content | shell }}',
    'an unknown function': `{{ open("/etc/passwd") }}${ASK}`,
    'a variable of nobody’s': '{{ nobody.said.that }}',
    'a message that is not there': '{{ messages[7].content }}',
    'a message before the first': '{{ messages[-7].content }}',
    raise_exception: '{{ raise_exception("no\\nusers \\u001b[31m today") }}',
    'raise_exception of a megabyte': '{% set t = "x" * 1000000 %}{{ raise_exception("x") }}',
    'Python’s way out': `{{ messages.__class__.__mro__[1].__subclasses__() }}${ASK}`,
    'JavaScript’s way out': `{{ messages.constructor.constructor("return process")().exit(7) }}${ASK}`,
    'JavaScript’s way out by a function': `{{ range.constructor("process.exit(7)")() }}${ASK}`,
    'a prototype': '{{ messages.__proto__.polluted.x }}',
    'the instruction twice': `${ASK}${ASK}`,
    'the instruction in capitals': '{{ messages[0].content | upper }}',
    'half of the instruction': '{{ messages[0].content[:4] }}',
    'the day of the request': `{{ strftime_now("%d %b %Y") }}${ASK}`,
    '100,000 brackets': `{{ ${'('.repeat(100_000)}1${')'.repeat(100_000)} }}`,
    '20,000 conditions in each other': `${'{% if true %}'.repeat(20_000)}${ASK}${'{% endif %}'.repeat(20_000)}`,
    'two megabytes': `${'x'.repeat(2_000_000)}${ASK}`,
    'half a character': '{{ "\\ud800" }}{{ messages[0].content[:2] }}',
    'bytes that are no text': Buffer.from([0x7b, 0x7b, 0xff, 0xfe, 0x7d, 0x7d]),
  });
}

function cases(kind: string, templates: Readonly<Record<string, string | Buffer>>): HostileCase[] {
  return casesOf(kind, templates, (folder, template) =>
    writeFileSync(join(folder, 'chat_template.jinja'), template),
  );
}
