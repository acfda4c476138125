namespace Goodhart.Detection.Curves;

/// <summary>A curve that cannot be judged: the message says where, what was expected, what was found, what to do.</summary>
/// <param name="message">The whole message, fit for a user.</param>
/// <param name="inner">What the parser said, if anything.</param>
public sealed class CurveException(string message, Exception? inner = null) : Exception(message, inner);
