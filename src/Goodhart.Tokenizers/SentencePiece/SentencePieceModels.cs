using System.Text;
using Goodhart.Tokenizers.Models;
using Goodhart.Tokenizers.SentencePiece.Protocol;
using PieceType = Goodhart.Tokenizers.SentencePiece.Protocol.Piece.Types.Type;

namespace Goodhart.Tokenizers.SentencePiece;

/// <summary>Makes the model that a SentencePiece file describes.</summary>
static class SentencePieceModels
{
    const float UnknownPenalty = 10;

    public static IModel Make(SentencePieceFile file, string name) => file.Trainer.ModelType switch
    {
        TrainerSpec.Types.ModelType.Unigram => MakeUnigram(file, name),
        TrainerSpec.Types.ModelType.Bpe => MakeBpe(file, name),
        TrainerSpec.Types.ModelType other => throw new TokenizerException(
            $"{name}: models of type {other} are not supported; supported are Unigram and Bpe."),
    };

    static Unigram MakeUnigram(SentencePieceFile file, string name)
    {
        float[] scores = [.. file.IdsOf(PieceType.Normal).Select(id => file.Pieces[id].Score)];
        if (scores.Length == 0)
            throw new TokenizerException($"{name}: has no normal pieces.");

        // A user-defined piece outweighs every other way to cover its bytes.
        double greatest = scores.Max();
        ScoredPiece[] pieces =
        [
            .. file.IdsOf(PieceType.Normal).Select(id => new ScoredPiece(file.Pieces[id].Text, id, file.Pieces[id].Score)),
            .. file.UserDefined.Select(piece =>
                new ScoredPiece(piece.Key, piece.Value, (Encoding.UTF8.GetByteCount(piece.Key) * greatest) - 0.1)),
        ];
        return new Unigram(file.Ids, pieces, new UnigramOptions
        {
            UnknownId = file.UnknownId,
            UnknownScore = scores.Min() - UnknownPenalty,
            ByteIds = file.ByteIds,
            RoundsToSingle = true,
        });
    }

    static Bpe MakeBpe(SentencePieceFile file, string name)
    {
        if (file.IdsOf(PieceType.Unused).Any())
            throw new TokenizerException($"{name}: unused pieces are not supported in models of type Bpe.");

        // What text is made of; bytes, control pieces and the like only look like text.
        Dictionary<string, int> symbols = file.IdsOf(PieceType.Normal)
            .ToDictionary(id => file.Pieces[id].Text, id => id, StringComparer.Ordinal);
        return new Bpe(file.Ids, new MergeTable(MergesOf(file, symbols, name)), new BpeOptions
        {
            Symbols = symbols,
            ByteIds = file.ByteIds,
            UnknownId = file.UnknownId,
            FuseUnknown = true,
            Unbreakable = file.UserDefined,
        });
    }

    /// <summary>Every way to put a piece together from two others; pieces of equal score have equal ranks.</summary>
    static List<Merge> MergesOf(SentencePieceFile file, Dictionary<string, int> symbols, string name)
    {
        Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> idOf = symbols.GetAlternateLookup<ReadOnlySpan<char>>();
        List<Merge> merges = [];
        int rank = -1;
        float? score = null;
        foreach (int id in symbols.Values.OrderByDescending(id => file.Pieces[id].Score))
        {
            ReadOnlySpan<char> text = file.Pieces[id].Text;
            rank += file.Pieces[id].Score == score ? 0 : 1;
            score = file.Pieces[id].Score;
            foreach (Rune rune in text.EnumerateRunes())
            {
                if (text.Length > rune.Utf16SequenceLength && !symbols.ContainsKey($"{rune}"))
                    throw new TokenizerException($"{name}: piece {id}, '{text}', has '{rune}', which should be a piece too.");
            }

            for (int at = 1; at < text.Length; at++)
            {
                if (idOf.TryGetValue(text[..at], out int left) && idOf.TryGetValue(text[at..], out int right))
                    merges.Add(new Merge(left, right, id, rank));
            }
        }

        return merges;
    }
}
