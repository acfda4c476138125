using Goodhart.Tokenizers.AddedTokens;
using Goodhart.Tokenizers.Models;
using Goodhart.Tokenizers.PostProcessors;
using Goodhart.Tokenizers.PreTokenizers;
using PieceType = Goodhart.Tokenizers.SentencePiece.Protocol.Piece.Types.Type;

namespace Goodhart.Tokenizers.SentencePiece;

/// <summary>Makes of a SentencePiece <c>.model</c> file the components that text passes.</summary>
static class SentencePiecePipeline
{
    /// <param name="file">The bytes of the file.</param>
    /// <param name="name">What messages call it.</param>
    /// <param name="settings">What the files beside it say.</param>
    public static Pipeline Read(byte[] file, string name, SentencePieceSettings settings)
    {
        var model = SentencePieceFile.Read(file, name);
        AddedToken[] added =
        [
            .. model.IdsOf(PieceType.Control)
                .Select(id => new AddedToken { Id = id, Content = model.Pieces[id].Text, IsSpecial = true })
                .Where(token => settings.AddedTokens.All(other => other.Content != token.Content)),
            .. settings.AddedTokens,
        ];
        Vocabulary vocabulary = new(
            [.. model.Ids.Select(entry => (entry.Key, entry.Value)), .. added.Select(token => (token.Content, token.Id))], name);

        Protocol.NormalizerSpec normalizer = model.Normalizer;
        IReadOnlyCollection<KeyValuePair<string, int>> userDefined = model.UserDefined;
        return new Pipeline(
            vocabulary,
            added,
            new SentencePieceNormalizer(
                model.Map,
                userDefined.Count > 0 ? new PieceTrie(userDefined) : null,
                normalizer.RemoveExtraWhitespaces,
                normalizer.EscapeWhitespaces),
            new DummyPrefix(
                normalizer.EscapeWhitespaces ? $"{SentencePieceNormalizer.Mark}" : " ",
                normalizer.AddDummyPrefix ? settings.PrefixScheme : PrependScheme.Never),
            SentencePieceModels.Make(model, name),
            SpecialTokenTemplate.None,
            new SentencePieceDecoder(
                model.Pieces[model.UnknownId].Text,
                model.UnknownSurface,
                normalizer.AddDummyPrefix || normalizer.RemoveExtraWhitespaces,
                normalizer.RemoveExtraWhitespaces));
    }
}

/// <summary>What a <c>.model</c> file leaves to the files beside it.</summary>
sealed record SentencePieceSettings
{
    /// <summary>Tokens beyond the pieces, or pieces that are to be found in the text as a whole.</summary>
    public IReadOnlyList<AddedToken> AddedTokens { get; init; } = [];

    /// <summary>Which stretches between special tokens get the dummy prefix. Default all.</summary>
    public PrependScheme PrefixScheme { get; init; } = PrependScheme.Always;
}
