namespace Goodhart.Tokenizers.PostProcessors;

/// <summary>Reads the <c>post_processor</c> section, as far as it concerns single texts.</summary>
static class SpecialTokenTemplateReader
{
    const string Known = "Sequence, TemplateProcessing, ByteLevel, BertProcessing and RobertaProcessing";

    public static SpecialTokenTemplate Read(JsonSection? section, Vocabulary vocabulary) =>
        section is JsonSection given ? Read(given, vocabulary) : SpecialTokenTemplate.None;

    static SpecialTokenTemplate Read(JsonSection section, Vocabulary vocabulary) => section.Type switch
    {
        "Sequence" => section.Get("processors").Items().Aggregate(
            SpecialTokenTemplate.None, (inner, step) => inner.Inside(Read(step, vocabulary))),
        "ByteLevel" => SpecialTokenTemplate.None, // it corrects offsets, which are not reported here
        "TemplateProcessing" => ReadTemplate(section, vocabulary),
        "BertProcessing" or "RobertaProcessing" => new SpecialTokenTemplate(
            [ReadPair(section.Get("cls"), vocabulary)], [ReadPair(section.Get("sep"), vocabulary)]),
        _ => throw section.Unsupported(Known),
    };

    static SpecialTokenTemplate ReadTemplate(JsonSection section, Vocabulary vocabulary)
    {
        List<int> prefix = [], suffix = [];
        bool afterText = false;
        JsonSection single = section.Get("single");
        foreach (JsonSection item in single.Items())
        {
            if (item.Find("SpecialToken") is JsonSection token)
            {
                JsonSection special = section.Get("special_tokens").Get(token.TextOf("id"));
                (afterText ? suffix : prefix).AddRange(special.Get("ids").Items().Select(id => ReadId(id, vocabulary)));
            }
            else if (item.Get("Sequence").TextOf("id") == "A" && !afterText)
                afterText = true;
            else
                throw item.Not("a SpecialToken, or the one Sequence A");
        }

        return afterText ? new SpecialTokenTemplate(prefix, suffix) : throw single.Not("a list with the Sequence A");
    }

    /// <summary>Reads <c>["&lt;s&gt;", 0]</c>.</summary>
    static int ReadPair(JsonSection section, Vocabulary vocabulary) =>
        section.Items().ToArray() is [_, JsonSection id] ? ReadId(id, vocabulary) : throw section.Not("a token and its id");

    static int ReadId(JsonSection section, Vocabulary vocabulary)
    {
        int id = section.NonNegative();
        return id < vocabulary.Count ? id : throw section.Not($"an id below {vocabulary.Count}");
    }
}
