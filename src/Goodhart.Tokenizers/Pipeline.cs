using Goodhart.Tokenizers.AddedTokens;
using Goodhart.Tokenizers.Decoders;
using Goodhart.Tokenizers.Models;
using Goodhart.Tokenizers.Normalizers;
using Goodhart.Tokenizers.PostProcessors;
using Goodhart.Tokenizers.PreTokenizers;

namespace Goodhart.Tokenizers;

/// <summary>What the files of a tokenizer say: its components, in the order in which text passes them.</summary>
sealed record Pipeline(
    Vocabulary Vocabulary,
    IReadOnlyList<AddedToken> AddedTokens,
    INormalizer Normalizer,
    IPreTokenizer PreTokenizer,
    IModel Model,
    SpecialTokenTemplate Template,
    IDecoder Decoder);
