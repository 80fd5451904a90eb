"""What `evaluate --help` says below its options. Must not know: how anything of it is done."""

from __future__ import annotations

from applyweb.core.metrics import METRICS

_METRICS = "\n".join(f"  {metric.name:18} {metric.told}" for metric in METRICS.values())

FORMS = f"""\
A suite holds one case a line, each a JSON object:
  id               the case's name in the report; its line number where there is none
  path             the file's name, which tells its language ("filename" is read too)
  language         used where the path tells none
  format           what kind of answer it is; the table has a row for each
  original         the file as it was
  chat or snippet  the assistant's answer
  expected         the file that is wanted
  output           what an engine made of it elsewhere, for --engine recorded
  error            true where the engine must refuse or be unsure; expected is then not read
  style            what kind of case it is; rates are told for each
  notes            what its maker says of it, for --leave-out
Rows with several input_files, or with neither expected nor error, are left out and counted.

The columns of the table:
  cases            how many were run
  exact            the wanted file; line ends and white space at the end of lines or of the file do not count
  equivalent       the wanted file but for white space or blank lines
  silent_wrong     said to be certain, and neither exact nor equivalent
  flagged          unsure or refused, whatever came out
  extra_lines      changed lines that nobody wanted
  missing_lines    wanted changes that did not come
Then the rates by format and by style, each with its 95 % interval (Wilson's): right (exact or equivalent) and flagged
of the cases with a wanted file, silent_wrong of all.

With --engine recorded no engine runs: each row's output is judged by the same support and checks as an apply on the
site, and is certain where they find nothing. With --spoil the wanted files themselves are judged: "none" as they are,
where every finding is a false alarm, and each other kind with one fault put in, which is to be found.

Below it: how many results break the syntax, and the time of half (p50) and of 95 % (p95) of the cases; and of the
cases with an error how many were refused, unsure, or certain. Where cases were stopped for taking too long they are
named, and the command ends with 3.

A gate is a metric, one of < <= > >=, and a limit: --fail-if "exact_rate < 90%". With a sign it is about the change
from the run that --baseline names (the JSON of another run), over the cases that both have: --fail-if "extra_rate >
+0.5pp" fails where the rate rose by more than half a percentage point, --fail-if "p95_ms > +20%" where the time did by
more than a fifth. Gates go by the figures that were measured; each says its interval, and whether other cases might
have decided otherwise. Where one fails, or no case tells its metric, the command ends with 3. The metrics:
{_METRICS}

Better and worse are said where the 95 % interval of the paired difference leaves out 0 (rates: Newcombe's interval, and
McNemar's exact test agrees; lines and times: a bootstrap over the cases), each metric by itself: of 20 metrics that are
the same one may look different. Where fewer than 6 cases differ no test can tell: "not enough data" says about how many
more are needed. Times also depend on what else the machine does, which no interval over cases knows.

With --journal every case is kept as it ends. A run that was killed goes on with --resume; --retry also runs again the
cases in which the engine failed (not those that it refused). Several --engine run one after the other on the same
cases; without --baseline the others are compared with the first.
"""
