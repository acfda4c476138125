using Goodhart.Tokenizers;

namespace Goodhart.Distillation.Data;

/// <summary>Documents as equally long blocks of ids, the way a causal language model is trained.</summary>
public static class TextBlocks
{
    /// <summary>Joins BOS, document and EOS of all documents and cuts the stream; a shorter rest at the end is left out.</summary>
    /// <param name="documents">Texts.</param>
    /// <param name="tokenizer">With a BOS token.</param>
    /// <param name="length">Predictions of a block; a block has one id more, since the last follows from the one before.</param>
    /// <returns>Examples whose prompt is their first id.</returns>
    public static IReadOnlyList<Example> Cut(IEnumerable<string> documents, Tokenizer tokenizer, int length)
    {
        int bos = tokenizer.BosId ?? throw new CorpusException("the tokenizer has no BOS token, which begins a document. Choose another.");
        List<int> stream = [];
        foreach (string document in documents)
        {
            stream.Add(bos);
            stream.AddRange(tokenizer.Encode(document, addSpecialTokens: false));
            if (tokenizer.EosId is int eos)
                stream.Add(eos);
        }

        int[] ids = [.. stream];
        List<Example> blocks = [];
        for (int from = 0; from + length < ids.Length; from += length)
            blocks.Add(new Example(ids[from..(from + length + 1)], PromptLength: 1));
        return blocks;
    }
}
