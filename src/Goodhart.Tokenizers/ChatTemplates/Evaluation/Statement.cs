using Goodhart.Tokenizers.ChatTemplates.Syntax;
using Goodhart.Tokenizers.ChatTemplates.Values;

namespace Goodhart.Tokenizers.ChatTemplates.Evaluation;

/// <summary>What a statement wants of the loop around it.</summary>
enum Flow
{
    GoOn,
    Continue,
    Break,
}

/// <summary>A part of a template that writes, sets or chooses.</summary>
abstract record Statement(Position Position)
{
    public Flow Run(Scope scope)
    {
        try
        {
            Value.CheckDepth();
            return Execute(scope);
        }
        catch (Fault fault)
        {
            throw scope.Rendering.Error(Position, fault.Message);
        }
    }

    protected abstract Flow Execute(Scope scope);
}

/// <summary>Statements in order.</summary>
sealed record Body(Position Position, IReadOnlyList<Statement> Statements) : Statement(Position)
{
    protected override Flow Execute(Scope scope)
    {
        foreach (Statement statement in Statements)
        {
            Flow flow = statement.Run(scope);
            if (flow != Flow.GoOn)
                return flow;
        }

        return Flow.GoOn;
    }
}

/// <summary>Text as it is.</summary>
sealed record Verbatim(Position Position, string Text) : Statement(Position)
{
    protected override Flow Execute(Scope scope)
    {
        scope.Rendering.Write(Text);
        return Flow.GoOn;
    }
}

/// <summary><c>{{ value }}</c>.</summary>
sealed record Output(Position Position, Expression Written) : Statement(Position)
{
    protected override Flow Execute(Scope scope)
    {
        scope.Rendering.Write(Value.Text(Written.Evaluate(scope)));
        return Flow.GoOn;
    }
}

/// <summary><c>{% if %}</c> with its branches, the last without a condition where there is an else.</summary>
sealed record If(Position Position, IReadOnlyList<(Expression? Condition, Body Body)> Branches) : Statement(Position)
{
    protected override Flow Execute(Scope scope)
    {
        foreach ((Expression? condition, Body body) in Branches)
        {
            if (condition is null || Value.IsTrue(condition.Evaluate(scope)))
                return body.Run(scope);
        }

        return Flow.GoOn;
    }
}

/// <summary><c>{% break %}</c> or <c>{% continue %}</c>.</summary>
sealed record Jump(Position Position, Flow Flow) : Statement(Position)
{
    protected override Flow Execute(Scope scope) => Flow;
}

/// <summary><c>{% generation %}</c>: what is inside are words of the assistant.</summary>
sealed record Generation(Position Position, Body Body) : Statement(Position)
{
    protected override Flow Execute(Scope scope)
    {
        var flow = Flow.GoOn;
        scope.Rendering.AsAssistant(() => flow = Body.Run(scope));
        return flow;
    }
}
