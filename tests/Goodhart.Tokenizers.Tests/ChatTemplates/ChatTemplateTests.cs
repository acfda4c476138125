using System.Text.Json.Nodes;
using Goodhart.Tokenizers.ChatTemplates;

namespace Goodhart.Tokenizers.Tests.ChatTemplates;

public sealed class ChatTemplateTests
{
    static readonly JsonNode Data = JsonNode.Parse("""
        {"name": "Ann", "n": 3, "x": 1.5, "none": null, "yes": true, "emoji": "a\ud83d\ude00b",
         "list": [3, 1, 2], "words": ["b", "A", "c"], "empty": [],
         "map": {"b": 1, "a": {"items": 7}}, "people": [{"name": "Zoe", "age": 3}, {"name": "Al", "age": 2, "ok": true}]}
        """)!;

    [Theory]
    [InlineData("{{ name }} {{ n }} {{ x }} {{ none }} {{ yes }} [{{ missing }}]", "Ann 3 1.5 None True []")]
    [InlineData("{{ list }} {{ map }} {{ [1.0, 'it\\'s', \"a\\\"\", 1e20] }}", "[3, 1, 2] {'b': 1, 'a': {'items': 7}} [1.0, \"it's\", 'a\"', 1e+20]")]
    [InlineData("{{ 7 // 2 }} {{ -7 // 2 }} {{ -7 % 3 }} {{ 7 / 2 }} {{ 2 ** 3 }} {{ 1 + 2 * 3 }} {{ 2 - 1.0 }}", "3 -4 2 3.5 8 7 1.0")]
    [InlineData("{{ 'a' ~ 1 ~ none }} {{ 'a' + 'b' }} {{ 'ab' * 2 }} {{ [1] + [2] }} {{ 1 ~ 2 + 3 }}", "a1None ab abab [1, 2] error", "'+' has no meaning for a text and an integer")]
    [InlineData("{{ 1 < 2 < 3 }} {{ 1 < 3 < 2 }} {{ 1 == 1.0 }} {{ true == 1 }} {{ 'a' < 'b' }} {{ [1, 2] == [1, 2] }}", "True False True True True True")]
    [InlineData("{{ 'a' in 'cat' }} {{ 'b' in map }} {{ 9 not in list }} {{ not yes }} {{ n and name }} {{ empty or 'or' }}", "True True True False Ann or")]
    [InlineData("{{ list[0] }} {{ list[-1] }} {{ list[1:] }} {{ list[::-1] }} {{ 'hello'[1:3] }} {{ emoji[1] }} {{ emoji[::-1] }} {{ [][5] }}", "3 2 [1, 2] [2, 1, 3] el \U0001F600 b\U0001F600a ")]
    [InlineData("{{ map.b }} {{ map['a']['items'] }} {{ map.a.get('q', 5) }} {{ map.get('z') }} {{ people[0].name }} {{ people.0.age }}", "1 7 5 None Zoe 3")]
    [InlineData("{{ 'x' if yes else 'y' }} {{ 'x' if not yes }}{{ 1 if 0 else 2 if 0 else 3 }}", "x 3")]
    [InlineData("{{ ' a '|trim }}|{{ 'ab'|upper }}|{{ 'aB c'|title }}|{{ 'aBC'|capitalize }}|{{ emoji|length }}|{{ 'aXbX'|replace('X', '-') }}", "a|AB|Ab C|Abc|3|a-b-")]
    [InlineData("{{ missing|default('d') }} {{ ''|default('d') }}.{{ ''|default('d', true) }} {{ empty|first }}.{{ list|last }} {{ list|join('-') }}", "d .d .2 3-1-2")]
    [InlineData("{{ list|sort }} {{ words|sort|join }} {{ list|sort(reverse=true) }} {{ people|map(attribute='name')|list }} {{ words|map('upper')|join }}", "[1, 2, 3] Abc [3, 2, 1] ['Zoe', 'Al'] BAC")]
    [InlineData("{{ people|selectattr('ok')|list|length }} {{ people|rejectattr('age', 'gt', 2)|map(attribute='name')|join }} {{ list|select('odd')|list }}", "1 Al [3, 1]")]
    [InlineData("{{ map|items|list|length }} {{ map|dictsort|map('first')|join }} {{ [1, 1, 2]|unique|list }} {{ list|sum }} {{ list|max }} {{ list|min }}", "2 ab [1, 2] 6 3 1")]
    [InlineData("{{ '42'|int }} {{ '4.7'|int }} {{ 'z'|int(5) }} {{ '1.5'|float }} {{ -3|abs }} {{ 2.5|round }} {{ 2.567|round(1) }} {{ '<a>'|e }}", "42 4 5 1.5 3 2.0 2.6 &lt;a&gt;")]
    [InlineData("{{ map|tojson }} {{ '\"\\n\u00E9'|tojson }} {{ [1, none, true, 1.0]|tojson }}", "{\"b\": 1, \"a\": {\"items\": 7}} \"\\\"\\n\u00E9\" [1, null, true, 1.0]")]
    [InlineData("{{ [1, {'a': []}]|tojson(indent=2) }}", "[\n  1,\n  {\n    \"a\": []\n  }\n]")]
    [InlineData("{{ 'a\nb'|indent(2) }}|{{ 'a\nb'|indent(1, true) }}", "a\n  b| a\n b")]
    [InlineData("{{ name is string }} {{ n is number }} {{ map is mapping }} {{ missing is defined }} {{ none is none }} {{ list is iterable }} {{ n is not odd }} {{ n is divisibleby 3 }} {{ n is in [3] }}", "True True True False True True False True True")]
    [InlineData("{{ ' a b '.strip() }}|{{ 'a-b'.split('-') }}|{{ 'a b  c'.split() }}|{{ 'a-b-c'.split('-', 1)[1] }}|{{ 'a-b-c'.rsplit('-', 1)[0] }}|{{ 'xxaxx'.strip('x') }}", "a b|['a', 'b']|['a', 'b', 'c']|b-c|a-b|a")]
    [InlineData("{{ 'abc'.startswith('a') }} {{ 'abc'.endswith(('x', 'c')) }} {{ 'ab'.upper() }} {{ 'a1'.isalnum() }} {{ 'abab'.find('b') }} {{ 'aa'.replace('a', 'b', 1) }} {{ '-'.join(words) }}", "True True AB True 1 ba b-A-c")]
    [InlineData("{{ map|items|list|last }} {{ (1,) }} {{ (1, 2) == [1, 2] }} {{ \"it's a-b\"|title }} {{ \"it's\".title() }} {{ 3|round }} {{ 1.25|round(1, 'floor') }}", "('a', {'items': 7}) (1,) False It's A-B It'S 3 1.2")]
    [InlineData("{% for k, v in map.items() %}{{ k }}{{ loop.index }}{% endfor %}", "b1a2")]
    [InlineData("{% for i in range(5) if i is odd %}{{ loop.index0 }}:{{ i }}/{{ loop.length }}{{ ',' if not loop.last }}{% else %}none{% endfor %}", "0:1/2,1:3/2")]
    [InlineData("{% for i in empty %}x{% else %}none{% endfor %}", "none")]
    [InlineData("{% for i in range(9) %}{% if i == 1 %}{% continue %}{% endif %}{% if i == 3 %}{% break %}{% endif %}{{ i }}{% endfor %}", "02")]
    [InlineData("{% for i in list %}{{ loop.previtem }}<{{ loop.nextitem }} {{ loop.cycle('a', 'b') }};{% endfor %}", "<1 a;3<2 b;1< a;")]
    [InlineData("{% set a = 1 %}{% for i in list %}{% set a = i %}{% endfor %}{{ a }}{% if yes %}{% set a = 2 %}{% endif %}{{ a }}", "12")]
    [InlineData("{% set ns = namespace(a=1) %}{% for i in list %}{% set ns.a = ns.a + i %}{% endfor %}{{ ns.a }}", "7")]
    [InlineData("{% set a, b = 1, 2 %}{{ b }}{{ a }}{% set t | upper %}x{{ a }}{% endset %}{{ t }}", "21X1")]
    [InlineData("{% macro f(a, b=2) %}{{ a }}+{{ b }}{% endmacro %}{{ f(1) }} {{ f(1, b=3)|upper }}", "1+2 1+3")]
    [InlineData("{% if n == 1 %}a{% elif n == 3 %}b{% else %}c{% endif %}", "b")]
    [InlineData("{% raw %}{{ x }}{% endraw %}{# gone #}.", "{{ x }}.")]
    [InlineData("{{ 'a\\tb\\u00e9\\x41\\q' }}", "a\tb\u00E9A\\q")]
    public void Expressions_and_statements_are_those_of_jinja(string template, string expected, string? error = null) => Check(template, expected, error);

    [Theory]
    [InlineData("a\n  {% if yes %}\n  b\n  {% endif %}\nc", "a\n  b\nc")]
    [InlineData("a  {%- if yes -%}  b  {%- endif %} c", "ab c")]
    [InlineData("a\n  {%+ if yes +%}\nb{% endif %}", "a\n  \nb")]
    [InlineData("  {{ n }}  \n", "  3  ")]
    [InlineData(" {{- n -}} \n x", "3x")]
    [InlineData("  {# c #}\n  d", "  d")]
    [InlineData("a {% if yes %} b{% endif %}\n\nc\n\n", "a  b\nc\n")]
    [InlineData("x {% raw %}\n a {% endraw %}\n y", "x \n a  y")]
    [InlineData("{% if yes %}a{% endif %}  {% if yes %}b{% endif %}\n  {% if yes %}c{% endif %}", "a  bc")]
    [InlineData("a\r\n{% if yes %}\r\nb{% endif %}", "a\nb")]
    public void White_space_is_treated_as_hugging_face_sets_it(string template, string expected) => Check(template, expected);

    [Theory]
    [InlineData("a\n {{ foo( ) ( }}", "t:2:2: has no end; write }}.")]
    [InlineData("a\n {{ 1 + }}", "t:2:9: a value should be here, got '}}'.")]
    [InlineData("{% include 'x' %}", "t:1:4: the statement 'include' is not supported here")]
    [InlineData("{{ a|frobnicate }}", "t:1:6: the filter 'frobnicate' is not supported.")]
    [InlineData("{{ a is frobnicated }}", "t:1:9: the test 'frobnicated' is not supported.")]
    [InlineData("{{ a is defined is none }}", "t:1:17: a test cannot follow a test")]
    [InlineData("{% if a %}", "'endif' is missing.")]
    [InlineData("{{ 'a }}", "t:1:4: the text has no end")]
    [InlineData("{# a", "t:1:1: the comment has no end")]
    [InlineData("{{ a", "t:1:1: has no end; write }}.")]
    [InlineData("{{ a ? b }}", "t:1:6: '?' has no meaning here.")]
    [InlineData("{% endfor %}", "the statement 'endfor' is not supported here")]
    [InlineData("{% break %}", "belong inside a loop")]
    [InlineData("{{ 99999999999999999999 }}", "beyond 64 bits")]
    [InlineData("{{ '\\ud83d' }}", "\\u should have 4 hexadecimal digits of a character")]
    [InlineData("{% raw %}", "'raw' has no end")]
    public void What_is_not_understood_is_refused_with_its_place_when_the_template_is_read(string template, string expected)
    {
        var e = Assert.Throws<TokenizerException>(() => ChatTemplate.Parse(template, "t"));
        Assert.Contains(expected, e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\n{{ missing.field }}", "t:2:11: 'missing' is undefined.")]
    [InlineData("{{ raise_exception('No!') }}", "t:1:19: No!")]
    [InlineData("{{ 1 // 0 }}", "division by zero")]
    [InlineData("{{ 9223372036854775807 + 1 }}", "beyond 64 bits")]
    [InlineData("{{ ['a', 1, 2]|sort }}", "have no order")]
    [InlineData("{{ list.append(1) }}", "templates may not do")]
    [InlineData("{{ name.frobnicate() }}", "'frobnicate' cannot be called")]
    [InlineData("{{ missing|int }}", "'missing' is undefined")]
    [InlineData("{{ namespace() }}", "a namespace has no text")]
    [InlineData("{{ 'a'.strip(1, 2) }}", "strip takes at most 1 arguments, got 2")]
    [InlineData("{{ 'a'|default(foo=1) }}", "default has no argument 'foo'")]
    [InlineData("{{ strftime_now('%Y') }}", "ChatTemplateOptions.Now")]
    [InlineData("{% for a, b in [[1]] %}{% endfor %}", "2 names cannot be set to 1 values")]
    [InlineData("{% macro f() %}{% generation %}x{% endgeneration %}{% endmacro %}{{ f() }}", "inside a macro")]
    public void A_mistake_of_the_template_is_told_with_its_place(string template, string expected)
    {
        var e = Assert.Throws<TokenizerException>(() => Render(template));
        Assert.Contains(expected, e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{% for a in range(100000) %}{% for b in range(100000) %}{% endfor %}{% endfor %}")]
    [InlineData("{{ range(9000000000000000000) }}")]
    [InlineData("{{ 'a' * 9000000000000000000 }}")]
    [InlineData("{% set ns = namespace(s='ab') %}{% for i in range(99) %}{% set ns.s = ns.s ~ ns.s %}{% endfor %}")]
    [InlineData("{% set ns = namespace(s=[1]) %}{% for i in range(99) %}{% set ns.s = [ns.s, ns.s] %}{% endfor %}{{ ns.s }}")]
    [InlineData("{% set ns = namespace(s=[1]) %}{% for i in range(99) %}{% set ns.s = [ns.s, ns.s] %}{% endfor %}{{ ns.s == ns.s[0] }}{{ ns.s|tojson }}")]
    [InlineData("{% set ns = namespace(s=[1]) %}{% for i in range(900000) %}{% set ns.s = [ns.s] %}{% endfor %}{{ ns.s|tojson }}")]
    [InlineData("{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}")]
    [InlineData("{% set ns = namespace(s='ab') %}{% for i in range(30) %}{% set ns.s = ns.s.replace('a', ns.s) %}{% endfor %}")]
    [InlineData("{% for i in range(100000) %}{{ 'abababababababab' * 1000 }}{% endfor %}")]
    [InlineData("{% set s = 'ab' * 5000000 %}{% set l = [s, s, s, s, s] * 1 if false else [s, s, s, s, s, s, s, s] %}{{ (l + l)|join }}{{ l }}")]
    [InlineData("{% set a = 'a' * 9000000 %}{% set b = 'a' * 9000000 %}{% for i in range(100000) %}{% if a == b or a < b %}{% endif %}{% endfor %}")]
    [InlineData("{% set a = 'a' * 9000000 %}{% set b = 'a' * 4000000 ~ 'b' %}{{ b in a }}{{ a.find(b) }}{{ a.replace(b, '') }}")]
    [InlineData("{% set a = 'a' * 9000000 %}{% for i in range(100000) %}{{ a|length }}{{ a.startswith('b') }}{{ a[0] }}{% endfor %}")]
    public void No_template_runs_without_end_or_eats_all_memory(string template)
    {
        var watch = System.Diagnostics.Stopwatch.StartNew();
        var e = Assert.Throws<TokenizerException>(() => Render(template));
        Assert.Matches("takes too long|nested too deeply", e.Message);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(30), $"It took {watch.Elapsed}.");
    }

    [Theory]
    [InlineData("{{ ", "(", ")", " }}")]
    [InlineData("{{ ", "[", "]", " }}")]
    [InlineData("{{ ", "not ", "", "a }}")]
    [InlineData("{{ ", "-", "", "1 }}")]
    [InlineData("", "{% if a %}", "{% endif %}", "")]
    public void Deep_nesting_is_refused_when_the_template_is_read(string before, string open, string close, string after)
    {
        string template = before + string.Concat(Enumerable.Repeat(open, 100_000)) + string.Concat(Enumerable.Repeat(close, 100_000)) + after;
        var e = Assert.Throws<TokenizerException>(() => ChatTemplate.Parse(template[..Math.Min(template.Length, 1 << 20)], "t"));
        Assert.Contains("nested deeper than 64", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1", " + 1")]
    [InlineData("messages", "[0]")]
    [InlineData("'a'", "|trim")]
    [InlineData("'a'", " 'a'")]
    [InlineData("1", " if 1")]
    public void A_chain_of_a_hundred_thousand_is_rendered_or_refused_but_never_crashes(string first, string rest)
    {
        string template = $"{{{{ {first}{string.Concat(Enumerable.Repeat(rest, 100_000))} }}}}";
        if (Record.Exception(() => Render(template)) is Exception e)
            Assert.Matches("nested too deeply|is undefined", Assert.IsType<TokenizerException>(e).Message);
    }

    [Fact]
    public void Odd_bounds_and_counts_do_no_harm() => Check(
        "{{ 'abc'[::9223372036854775807] }}{{ 'abc'[9223372036854775807:] }}{{ 'abc'[::-9223372036854775807] }}{{ '' * 9223372036854775807 }}{{ ''[::-1] }}",
        "ac");

    [Fact]
    public void A_template_cut_anywhere_is_read_or_refused_but_never_crashes()
    {
        const string Template =
            "{%- macro m(a, b=1) -%}{{ a|trim ~ b[1:2] }}{%- endmacro %}{% for x in messages if x.role is in ['u'] %}{{ m(x['content'], -1.5) }}{# c #}{% endfor %}";
        for (int length = 0; length <= Template.Length; length++)
        {
            if (Record.Exception(() => ChatTemplate.Parse(Template[..length], "t")) is Exception e)
                Assert.IsType<TokenizerException>(e);
        }
    }

    [Fact]
    public void Spans_of_the_assistant_are_told()
    {
        var template = ChatTemplate.Parse(
            "{% for m in messages %}{{ m.role }}:{% if m.role == 'assistant' %}{% generation %}{{ m.content }}{% endgeneration %}{% endif %};{% endfor %}", "t");
        RenderedChat chat = template.Render([new("user", "Hi"), new("assistant", "Hello"), new("user", "?"), new("assistant", "Yes")]);

        Assert.Equal("user:;assistant:Hello;user:;assistant:Yes;", chat.Text);
        Assert.Equal(["Hello", "Yes"], chat.AssistantSpans.Select(span => chat.Text[span]));
    }

    [Fact]
    public void The_time_is_the_one_that_is_passed_in() =>
        Assert.Equal("05 Mar 2024 | March 5, 24 065 100%", ChatTemplate.Parse("{{ strftime_now('%d %b %Y | %B %-d, %y %j 100%%') }}", "t")
            .Render([], new ChatTemplateOptions { Now = new DateTimeOffset(2024, 3, 5, 0, 0, 0, TimeSpan.Zero) }).Text);

    static void Check(string template, string expected, string? error = null)
    {
        if (error is null)
        {
            Assert.Equal(expected, Render(template));
            return;
        }

        var e = Assert.Throws<TokenizerException>(() => Render(template));
        Assert.Contains(error, e.Message, StringComparison.Ordinal);
    }

    static string Render(string template) => ChatTemplate.Parse(template, "t")
        .Render([], new ChatTemplateOptions { Variables = Data.AsObject().ToDictionary(field => field.Key, field => field.Value) }).Text;
}
