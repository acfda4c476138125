using Goodhart.Tokenizers;

namespace Goodhart.Distillation.Data.Files;

/// <summary>Lines of data as ids, cut to length by stated rules.</summary>
/// <remarks>
/// A completion of plain text ends with the end-of-text token; a conversation ends as its template says. What is longer than
/// <c>max_length</c> loses its end, and with it the end-of-text token. A prompt is never cut: a line whose prompt leaves no room is left out.
/// </remarks>
/// <param name="tokenizer">Of teacher and student.</param>
/// <param name="maxLength">Most ids of prompt and completion together.</param>
/// <param name="maxCompletionLength">What a prompt that a model answers has to leave room for.</param>
/// <param name="endOfText">What ends a completion; null where the tokenizer has nothing.</param>
/// <param name="beginOfText">What a prompt begins with that would be empty; null where the model has nothing.</param>
public sealed class ExampleEncoder(Tokenizer tokenizer, int maxLength, int maxCompletionLength, int? endOfText, int? beginOfText)
{
    /// <summary>Examples that lost their end to <c>max_length</c>.</summary>
    public int Truncated { get; private set; }

    /// <summary>Lines left out because the prompt alone is too long.</summary>
    public int LeftOut { get; private set; }

    /// <summary>A line to learn from; null where it is left out.</summary>
    /// <exception cref="CorpusException">The line has nothing to learn, or cannot be encoded.</exception>
    public Example? Encode(DataLine line)
    {
        if (!line.HasCompletion)
            throw new CorpusException($"{line.Place}: has a prompt only. Add a completion, or let a model write it with data.source: teacher.");

        MarkedText text = line is ChatLine chat ? Conversation.Render(chat, tokenizer) : Marked((PairLine)line);
        (int[] ids, bool[] learnt) = Guard(line, () => text.Encode(tokenizer));
        if (line is PairLine)
            (ids, learnt) = Closed(ids, learnt);
        if (learnt.Length > 0 && learnt[0])
            (ids, learnt) = WithBeginning(ids, learnt);
        return Cut(line, ids, learnt);
    }

    /// <summary>A prompt for a model to answer; null where it is left out.</summary>
    /// <exception cref="CorpusException">The prompt cannot be encoded.</exception>
    public int[]? Prompt(DataLine line)
    {
        bool isChat = line is ChatLine;
        string text = isChat ? Conversation.Prompt((ChatLine)line, tokenizer) : ((PairLine)line).Prompt;
        int[] ids = WithoutEnd(Guard(line, () => tokenizer.Encode(text, addSpecialTokens: !isChat)));
        if (ids.Length == 0)
            ids = [beginOfText ?? throw Empty(line)];
        if (ids.Length + maxCompletionLength <= maxLength)
            return ids;
        LeftOut++;
        return null;
    }

    Example? Cut(DataLine line, int[] ids, bool[] learnt)
    {
        int first = Array.IndexOf(learnt, true);
        if (first < 0)
            throw new CorpusException($"{line.Place}: no token of it would be learnt. Look at it with 'goodhart inspect'.");
        if (first >= maxLength)
        {
            LeftOut++;
            return null;
        }

        if (ids.Length > maxLength)
        {
            Truncated++;
            (ids, learnt) = (ids[..maxLength], learnt[..maxLength]);
        }

        int last = Array.LastIndexOf(learnt, true) + 1;
        (ids, learnt) = (ids[..last], learnt[..last]);      // What is read after the last turn teaches nothing.
        return learnt.AsSpan(first).Contains(false) ? new Example(ids, first) { Learnt = learnt } : new Example(ids, first);
    }

    static MarkedText Marked(PairLine line) => new(line.Prompt + line.Completion, [line.Prompt.Length..], HasSpecialTokens: false);

    /// <summary>Ends with the end-of-text token, whether or not the tokenizer put it there.</summary>
    (int[], bool[]) Closed(int[] ids, bool[] learnt) =>
        endOfText is not int end || (ids.Length > 0 && ids[^1] == end) ? (ids, learnt) : ([.. ids, end], [.. learnt, true]);

    (int[], bool[]) WithBeginning(int[] ids, bool[] learnt)
    {
        if (beginOfText is not int begin)
            return Unlearnt(ids, learnt);
        return ids[0] == begin ? Unlearnt(ids, learnt) : ([begin, .. ids], [false, .. learnt]);
    }

    /// <summary>Nothing predicts the first token of all.</summary>
    static (int[], bool[]) Unlearnt(int[] ids, bool[] learnt) => (ids, [false, .. learnt[1..]]);

    int[] WithoutEnd(int[] ids) => ids.Length > 0 && ids[^1] == endOfText ? ids[..^1] : ids;

    static CorpusException Empty(DataLine line) =>
        new($"{line.Place}: the prompt is empty, and the model has no BOS token to begin with. Write a prompt.");

    static T Guard<T>(DataLine line, Func<T> encode)
    {
        try
        {
            return encode();
        }
        catch (TokenizerException e)
        {
            throw new CorpusException($"{line.Place}: {e.Message}", e);
        }
    }
}
