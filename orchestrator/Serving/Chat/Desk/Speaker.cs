using Refresh.Orchestrator.Serving.Access;

namespace Refresh.Orchestrator.Serving.Chat.Desk;

/// <summary>Who says something to the service, and what is settled for what comes of it.</summary>
/// <param name="Caller">Who.</param>
/// <param name="Account">Their account: a code that was given to it is good for it alone.</param>
/// <param name="Subject">The id of what is made: the same when a delivery is carried out again after a crash.</param>
/// <param name="Confirms">A dangerous command is announced first.</param>
internal sealed record Speaker(Caller Caller, string Account, string Subject, bool Confirms);
