using Goodhart.Tokenizers.Files;
using Goodhart.Tokenizers.SentencePiece.Protocol;
using Google.Protobuf;
using ModelType = Goodhart.Tokenizers.SentencePiece.Protocol.TrainerSpec.Types.ModelType;
using PieceType = Goodhart.Tokenizers.SentencePiece.Protocol.Piece.Types.Type;

namespace Goodhart.Tokenizers.Tests.Fixtures;

/// <summary>A SentencePiece model of a few pieces, in which a test puts what it is about; an underscore stands for U+2581.</summary>
sealed class TinyModel
{
    public TinyModel(ModelType type, params (string Text, float Score)[] pieces)
    {
        Proto = new ModelProto
        {
            TrainerSpec = new TrainerSpec { ModelType = type },
            NormalizerSpec = new NormalizerSpec(),
        };
        Add("<unk>", 0, PieceType.Unknown);
        Add("<s>", 0, PieceType.Control);
        Add("</s>", 0, PieceType.Control);
        foreach ((string text, float score) in pieces)
            Add(text, score);
    }

    public ModelProto Proto { get; }

    public TinyModel Add(string text, float score, PieceType type = PieceType.Normal)
    {
        Proto.Pieces.Add(new Piece { Text = ByteString.CopyFromUtf8(text.Replace('_', '\u2581')), Score = score, Type = type });
        return this;
    }

    public TinyModel AddBytes()
    {
        Proto.TrainerSpec.ByteFallback = true;
        for (int b = 0; b < 256; b++)
            Add(ByteToken.Of((byte)b), 0, PieceType.Byte);
        return this;
    }

    /// <summary>A map that writes one text for one ASCII character.</summary>
    public TinyModel Map(char from, string to)
    {
        byte[] text = [.. System.Text.Encoding.UTF8.GetBytes(to), 0];
        var units = new uint[0x100];
        units[0] = 1 << 10; // its children are at 1 ^ byte
        units[1 ^ from] = from | 0x100u | (0x80 << 10); // its value is at 0x80 beyond
        units[0x80 ^ 1 ^ from] = 0x80000000;
        byte[] map = [.. BitConverter.GetBytes(4 * units.Length), .. units.SelectMany(BitConverter.GetBytes), .. text];
        Proto.NormalizerSpec.PrecompiledCharsmap = ByteString.CopyFrom(map);
        return this;
    }

    public byte[] File => Proto.ToByteArray();

    public Tokenizer Read() => Read(File);

    public static Tokenizer Read(byte[] file) => new(SentencePieceDirectory.Read(new NamedFile("test.model", file), []));

    /// <summary>The tokens of a text, with a bar between them and an underscore for U+2581.</summary>
    public string Tokens(string text)
    {
        Tokenizer tokenizer = Read();
        return string.Join('|', tokenizer.Encode(text).Select(tokenizer.TokenOf)).Replace('\u2581', '_');
    }
}
