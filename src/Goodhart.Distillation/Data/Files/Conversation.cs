using Goodhart.Tokenizers;
using Goodhart.Tokenizers.ChatTemplates;

namespace Goodhart.Distillation.Data.Files;

/// <summary>Conversations as the tokenizer's chat template writes them.</summary>
static class Conversation
{
    /// <summary>The whole conversation, the assistant's turns to be learnt with what the template ends them with.</summary>
    /// <exception cref="CorpusException">There is no template, or it refuses the conversation.</exception>
    public static MarkedText Render(ChatLine line, Tokenizer tokenizer)
    {
        RenderedChat whole = Render(line.Messages, generationPrompt: false, line.Place, tokenizer);
        if (whole.AssistantSpans.Count > 0)
            return new MarkedText(whole.Text, whole.AssistantSpans, HasSpecialTokens: true);

        List<Range> turns = [];
        for (int i = 0; i < line.Messages.Count; i++)
        {
            if (ChatLine.RoleOf(line.Messages[i]) != ChatLine.Assistant)
                continue;
            int from = LengthOf(line, i, generationPrompt: true, whole.Text, tokenizer);
            int to = i == line.Messages.Count - 1 ? whole.Text.Length : LengthOf(line, i + 1, generationPrompt: false, whole.Text, tokenizer);
            turns.Add(from..to);
        }

        return new MarkedText(whole.Text, turns, HasSpecialTokens: true);
    }

    /// <summary>What a model is given to answer.</summary>
    /// <exception cref="CorpusException">There is no template, or it refuses the conversation.</exception>
    public static string Prompt(ChatLine line, Tokenizer tokenizer) =>
        Render(ChatLine.Before(line.Messages), generationPrompt: true, line.Place, tokenizer).Text;

    /// <summary>Characters of the first turns, which have to be the beginning of the whole.</summary>
    static int LengthOf(ChatLine line, int turns, bool generationPrompt, string whole, Tokenizer tokenizer)
    {
        string part = Render([.. line.Messages.Take(turns)], generationPrompt, line.Place, tokenizer).Text;
        if (whole.StartsWith(part, StringComparison.Ordinal))
            return part.Length;
        throw new CorpusException(
            $"{line.Place}: the chat template writes the first {turns} turns differently when more follow, so it cannot be told which tokens are the assistant's. Mark them with {{% generation %}} in the template, or write 'prompt' and 'completion'.");
    }

    static RenderedChat Render(IReadOnlyList<ChatMessage> messages, bool generationPrompt, string place, Tokenizer tokenizer)
    {
        ChatTemplate template = tokenizer.ChatTemplate
            ?? throw new CorpusException($"{place}: is a conversation, and the tokenizer has no chat template. Add chat_template to tokenizer_config.json, or write 'prompt' and 'completion'.");
        try
        {
            return template.Render(messages, new ChatTemplateOptions { AddGenerationPrompt = generationPrompt });
        }
        catch (TokenizerException e)
        {
            throw new CorpusException($"{place}: the chat template refuses the conversation: {e.Message}", e);
        }
    }
}
