using System.Text;
using Goodhart.Distillation.Data;
using Goodhart.Engine.Autograd;
using Goodhart.Engine.Threading;
using Goodhart.Models;
using Goodhart.Tokenizers;

namespace Goodhart.Distillation.Evaluation;

/// <summary>How well a model predicts text.</summary>
/// <param name="NatsPerToken">Mean cross-entropy of a token, the document's end included.</param>
/// <param name="NatsPerByte">The same nats over the bytes of the text: comparable between tokenizers.</param>
/// <param name="Tokens">How many were predicted.</param>
/// <param name="Bytes">Of UTF-8.</param>
public sealed record TextScore(double NatsPerToken, double NatsPerByte, long Tokens, long Bytes)
{
    const int BatchSize = 32;

    /// <summary>Scores documents, each from its BOS on.</summary>
    /// <param name="model">Whose predictions.</param>
    /// <param name="documents">Text that was not trained on.</param>
    /// <param name="tokenizer">Of the model.</param>
    /// <param name="length">Longest context: a longer document is cut there and what follows is not scored.</param>
    /// <param name="workers">The threads to use.</param>
    public static TextScore Of(ICausalLm model, IReadOnlyList<string> documents, Tokenizer tokenizer, int length, Workers workers)
    {
        Tape tape = new(workers, recording: false) { KeepsPackedWeights = true };
        double nats = 0;
        long tokens = 0, bytes = 0;
        foreach (Example[] chunk in documents.Select(d => Beginning(d, tokenizer, length)).Where(e => e.CompletionLength > 0).Chunk(BatchSize))
        {
            ExampleBatch batch = new(chunk);
            tape.Reset();
            foreach (float loss in tape.CrossEntropy(Scoring.CompletionLogits(tape, model, batch), batch.Targets).Data)
                nats += loss;
            tokens += batch.Rows.Length;
            bytes += chunk.Sum(e => Encoding.UTF8.GetByteCount(tokenizer.Decode(e.Ids)));
        }

        return new TextScore(nats / tokens, nats / bytes, tokens, bytes);
    }

    static Example Beginning(string document, Tokenizer tokenizer, int length)
    {
        int[] ids = [tokenizer.BosId!.Value, .. tokenizer.Encode(document, addSpecialTokens: false), .. tokenizer.EosId is int eos ? new[] { eos } : []];
        return new Example(ids.Length > length + 1 ? ids[..(length + 1)] : ids, PromptLength: 1);
    }
}
