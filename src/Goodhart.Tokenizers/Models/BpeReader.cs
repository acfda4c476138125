using System.Text.Json;

namespace Goodhart.Tokenizers.Models;

/// <summary>Reads the <c>model</c> section.</summary>
static class BpeReader
{
    public static Bpe Read(JsonSection section)
    {
        // The first files of this format, GPT-2's among them, do not state the type.
        if (section.Find("type") is not null && section.Type != "BPE")
            throw section.Unsupported("BPE");
        if (section.Find("dropout") is JsonSection dropout && !IsZero(dropout))
            throw dropout.Not("null: random merges have no place in encoding");
        RefuseAffix(section, "continuing_subword_prefix");
        RefuseAffix(section, "end_of_word_suffix");

        Dictionary<string, int> ids = new(StringComparer.Ordinal);
        foreach ((string token, JsonSection id) in section.Get("vocab").Members())
            ids.Add(token, id.NonNegative());

        return new Bpe(ids, ReadMerges(section.Get("merges"), ids), new BpeOptions
        {
            ByteFallback = section.BooleanOf("byte_fallback", false),
            UnknownId = section.Find("unk_token") is JsonSection unk ? IdOf(unk.Text(), unk, ids) : null,
            FuseUnknown = section.BooleanOf("fuse_unk", false),
            IgnoreMerges = section.BooleanOf("ignore_merges", false),
        });
    }

    static MergeTable ReadMerges(JsonSection section, Dictionary<string, int> ids)
    {
        List<Merge> merges = [];
        foreach (JsonSection item in section.Items())
        {
            (string left, string right) = ReadPair(item);
            merges.Add(new Merge(IdOf(left, item, ids), IdOf(right, item, ids), IdOf(left + right, item, ids)));
        }

        return new MergeTable([.. merges]);
    }

    /// <summary>Either <c>["a", "b"]</c> or, in older files, <c>"a b"</c>.</summary>
    static (string Left, string Right) ReadPair(JsonSection item)
    {
        string[] parts = item.Value.ValueKind == JsonValueKind.String
            ? item.Text().Split(' ')
            : [.. item.Items().Select(token => token.Text())];
        return parts.Length == 2 ? (parts[0], parts[1]) : throw item.Not("two tokens");
    }

    static int IdOf(string token, JsonSection where, Dictionary<string, int> ids) => ids.TryGetValue(token, out int id)
        ? id
        : throw new TokenizerException($"{where.Path} needs the token '{token}', which model.vocab does not have.");

    static void RefuseAffix(JsonSection section, string name)
    {
        if (section.Find(name) is JsonSection affix && affix.Text().Length > 0)
            throw affix.Not("null or empty: affixes are not supported");
    }

    static bool IsZero(JsonSection section) =>
        section.Value.ValueKind == JsonValueKind.Number && section.Value.GetDouble() == 0;
}
