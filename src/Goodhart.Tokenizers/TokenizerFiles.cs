namespace Goodhart.Tokenizers;

/// <summary>Finds, reads and writes the files of a tokenizer.</summary>
static class TokenizerFiles
{
    const string JsonName = "tokenizer.json";
    const string ConfigName = "tokenizer_config.json";
    const long MaxBytes = 256 << 20; // the largest in public use has 33 MB

    public static Tokenizer Load(string path)
    {
        if (Directory.Exists(path))
            return LoadJson(Path.Combine(path, JsonName));

        return Path.GetExtension(path).Equals(".bin", StringComparison.OrdinalIgnoreCase)
            ? Llama2cVocabulary.Read(ReadAll(path), path)
            : LoadJson(path);
    }

    public static void Save(string directory, byte[] json, byte[] config)
    {
        try
        {
            Directory.CreateDirectory(directory);
            WriteAll(Path.Combine(directory, JsonName), json);
            WriteAll(Path.Combine(directory, ConfigName), config);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new TokenizerException($"{directory}: the tokenizer cannot be written: {e.Message}", e);
        }
    }

    /// <summary>A file of the usual name is read with the configuration beside it; any other stands alone.</summary>
    static Tokenizer LoadJson(string path)
    {
        string config = Path.Combine(Path.GetDirectoryName(path) ?? "", ConfigName);
        bool hasConfig = Path.GetFileName(path) == JsonName && File.Exists(config);
        return new Tokenizer(ReadAll(path), path, hasConfig ? ReadAll(config) : null, config);
    }

    static byte[] ReadAll(string path)
    {
        try
        {
            long length = new FileInfo(path).Length;
            return length <= MaxBytes
                ? File.ReadAllBytes(path)
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
