namespace Goodhart.Models;

/// <summary>What every model's config.json says, whatever its architecture.</summary>
public interface IModelConfig
{
    /// <summary>The file's name in a model directory.</summary>
    const string FileName = "config.json";

    /// <summary>The architecture, as Hugging Face calls it.</summary>
    string ModelType { get; }

    /// <summary>V: how many token ids there are.</summary>
    int VocabSize { get; }

    /// <summary>C: the width of the hidden state.</summary>
    int HiddenSize { get; }

    /// <summary>L: how many layers there are.</summary>
    int NumHiddenLayers { get; }

    /// <summary>The longest context, in tokens.</summary>
    int MaxPositionEmbeddings { get; }

    /// <summary>The id that begins a text; null where none does.</summary>
    int? BosTokenId { get; }

    /// <summary>The ids that end a text; empty where none does.</summary>
    IReadOnlyList<int> EosTokenId { get; }

    /// <summary>The id that fills up shorter texts of a batch; null where there is none.</summary>
    int? PadTokenId { get; }

    /// <summary>The weights, by the names of a Hugging Face checkpoint, matrices as [out, in].</summary>
    IReadOnlyList<(string Name, int[] Shape)> Weights { get; }

    /// <summary>How many values <see cref="Weights"/> have together.</summary>
    long ParameterCount { get; }

    /// <summary>Whether files hold a matrix as [in, out].</summary>
    bool IsStoredTransposed(string name) => false;

    /// <summary>Names that a file may have for a weight, the usual one first.</summary>
    IReadOnlyList<string> StoredNames(string name) => [name];

    /// <summary>All problems, as "'key' should be ..., got ...".</summary>
    IReadOnlyList<string> Validate();

    /// <summary>Writes config.json into a directory that exists.</summary>
    /// <param name="directory">Where.</param>
    /// <param name="dtype">Of the weights beside it: float32 or bfloat16.</param>
    void Write(string directory, string dtype = "float32");
}
