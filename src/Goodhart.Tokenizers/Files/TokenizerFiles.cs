namespace Goodhart.Tokenizers.Files;

/// <summary>Finds, reads and writes the files of a tokenizer.</summary>
static class TokenizerFiles
{
    public const string Json = "tokenizer.json", Config = "tokenizer_config.json";
    public const string Model = "tokenizer.model", T5Model = "spiece.model";
    public const string Vocabulary = "vocab.json", Merges = "merges.txt";

    const long MaxBytes = 256 << 20; // the largest in public use has 33 MB

    static readonly string[] Besides = [Config, "special_tokens_map.json", "added_tokens.json", "chat_template.jinja"];

    public static TokenizerSource Load(string path)
    {
        if (!Directory.Exists(path))
            return LoadFile(path);

        string[] candidates = [Json, Model, T5Model, Vocabulary];
        string? found = candidates.FirstOrDefault(name => File.Exists(Path.Combine(path, name)));
        return found is null
            ? throw new TokenizerException(
                $"{path}: should have {Json}, {Model}, {T5Model}, or {Vocabulary} with {Merges}; there is none of them.")
            : LoadFile(Path.Combine(path, found));
    }

    public static void Save(string directory, IReadOnlyList<NamedFile> files)
    {
        try
        {
            Directory.CreateDirectory(directory);
            foreach (NamedFile file in files)
                WriteAll(Path.Combine(directory, Path.GetFileName(file.Name)), file.Content);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new TokenizerException($"{directory}: the tokenizer cannot be written: {e.Message}", e);
        }
    }

    /// <summary>A file of a usual name is read with what lies beside it; any other stands alone.</summary>
    static TokenizerSource LoadFile(string path)
    {
        string name = Path.GetFileName(path);
        string folder = Path.GetDirectoryName(path) ?? "";
        NamedFile[] beside = name is Json or Model or T5Model or Vocabulary
            ? [.. Besides.Select(other => Path.Combine(folder, other)).Where(File.Exists).Select(ReadAll)]
            : [];

        if (name == Vocabulary)
            return VocabularyAndMerges.Read(ReadAll(path), ReadAll(Path.Combine(folder, Merges)), beside);
        return Path.GetExtension(path).ToLowerInvariant() switch
        {
            ".bin" => Llama2cVocabulary.Read(ReadAll(path).Content, path),
            ".model" => SentencePieceDirectory.Read(ReadAll(path), beside),
            _ => TokenizerSource.OfJson(ReadAll(path), beside),
        };
    }

    static NamedFile ReadAll(string path)
    {
        try
        {
            long length = new FileInfo(path).Length;
            return length <= MaxBytes
                ? new NamedFile(path, File.ReadAllBytes(path))
                : throw new TokenizerException($"{path}: should have at most {MaxBytes} bytes, got {length}.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new TokenizerException($"{path}: cannot be read: {e.Message}", e);
        }
    }

    static void WriteAll(string path, byte[] bytes)
    {
        string temporary = $"{path}.tmp";
        try
        {
            File.WriteAllBytes(temporary, bytes);
            File.Move(temporary, path, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }
}
