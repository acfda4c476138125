using System.Text;
using System.Text.Unicode;
using Goodhart.Tokenizers.SentencePiece.Protocol;
using Google.Protobuf;
using PieceType = Goodhart.Tokenizers.SentencePiece.Protocol.Piece.Types.Type;

namespace Goodhart.Tokenizers.SentencePiece;

/// <summary>A piece with what it is for.</summary>
readonly record struct TypedPiece(string Text, float Score, PieceType Type);

/// <summary>A SentencePiece <c>.model</c> file, checked: every piece once, one unknown piece, all bytes or none.</summary>
sealed class SentencePieceFile
{
    const int LongestPiece = 512; // UTF-16 units; the longest in public use has under 100

    SentencePieceFile(ModelProto proto, string name)
    {
        Trainer = proto.TrainerSpec ?? new TrainerSpec();
        Normalizer = proto.NormalizerSpec ?? new NormalizerSpec();
        Pieces = [.. proto.Pieces.Select((piece, id) => Check(piece, $"{name}: piece {id}"))];
        for (int id = 0; id < Pieces.Count; id++)
        {
            if (!Ids.TryAdd(Pieces[id].Text, id))
                throw new TokenizerException($"{name}: pieces {Ids[Pieces[id].Text]} and {id} are both '{Pieces[id].Text}'.");
        }

        int[] unknown = [.. IdsOf(PieceType.Unknown)];
        UnknownId = unknown is [int only]
            ? only
            : throw new TokenizerException($"{name}: should have one unknown piece, got {unknown.Length}.");
        ByteIds = Trainer.ByteFallback ? CheckBytes(name) : null;
        UnknownSurface = Trainer.HasUnkSurface ? Text(Trainer.UnkSurface, $"{name}: unk_surface") : " \u2047 ";
        if (Trainer.TreatWhitespaceAsSuffix)
            throw new TokenizerException($"{name}: treat_whitespace_as_suffix is not supported.");
        if (proto.DenormalizerSpec?.PrecompiledCharsmap.IsEmpty == false)
            throw new TokenizerException($"{name}: a denormalizer with a map of characters is not supported.");
        if (!Normalizer.PrecompiledCharsmap.IsEmpty)
            Map = CharactersMap.Read(Normalizer.PrecompiledCharsmap.Span, $"{name}: precompiled_charsmap");
    }

    public IReadOnlyList<TypedPiece> Pieces { get; }

    public Dictionary<string, int> Ids { get; } = new(StringComparer.Ordinal);

    public TrainerSpec Trainer { get; }

    public NormalizerSpec Normalizer { get; }

    public CharactersMap? Map { get; }

    public int UnknownId { get; }

    /// <summary>What the unknown piece is decoded to.</summary>
    public string UnknownSurface { get; }

    /// <summary>The ids of the byte pieces; null where unknown text is not spelled in bytes.</summary>
    public int[]? ByteIds { get; }

    public static SentencePieceFile Read(byte[] file, string name)
    {
        try
        {
            var proto = ModelProto.Parser.ParseFrom(file);
            return proto.Pieces.Count > 0
                ? new SentencePieceFile(proto, name)
                : throw new TokenizerException($"{name}: has no pieces, so it is no SentencePiece model.");
        }
        catch (InvalidProtocolBufferException e)
        {
            throw new TokenizerException($"{name}: is not a complete, well-formed SentencePiece model: {e.Message}", e);
        }
    }

    public IEnumerable<int> IdsOf(PieceType type) => Enumerable.Range(0, Pieces.Count).Where(id => Pieces[id].Type == type);

    /// <summary>The pieces that text holds as they are, whatever surrounds them.</summary>
    public IReadOnlyCollection<KeyValuePair<string, int>> UserDefined =>
        [.. IdsOf(PieceType.UserDefined).Select(id => KeyValuePair.Create(Pieces[id].Text, id))];

    static TypedPiece Check(Protocol.Piece piece, string where)
    {
        string text = Text(piece.Text, where);
        if (text.Length is 0 or > LongestPiece)
            throw new TokenizerException($"{where} should have 1 to {LongestPiece} characters, got {text.Length}.");
        if (text.Contains('\0', StringComparison.Ordinal))
            throw new TokenizerException($"{where} has a zero character.");
        if (!float.IsFinite(piece.Score))
            throw new TokenizerException($"{where} has the score {piece.Score}, which cannot be ranked.");
        return new TypedPiece(text, piece.Score, piece.Type);
    }

    static string Text(ByteString utf8, string where) => Utf8.IsValid(utf8.Span)
        ? Encoding.UTF8.GetString(utf8.Span)
        : throw new TokenizerException($"{where} is not UTF-8.");

    int[] CheckBytes(string name)
    {
        int[] ids = ByteToken.Ids(Ids);
        for (int b = 0; b < ids.Length; b++)
        {
            if (ids[b] < 0 || Pieces[ids[b]].Type != PieceType.Byte)
                throw new TokenizerException($"{name}: has byte_fallback, but no byte piece {ByteToken.Of((byte)b)}.");
        }

        return ids;
    }
}
