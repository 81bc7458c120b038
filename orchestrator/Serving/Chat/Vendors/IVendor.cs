using Refresh.Orchestrator.Serving.Chat.Settings;

namespace Refresh.Orchestrator.Serving.Chat.Vendors;

/// <summary>How one vendor signs, asks and wants to be answered (reference: webhooks).</summary>
internal interface IVendor
{
    /// <summary>How long an answer may take; what takes longer is answered later. Below the vendor's limit.</summary>
    TimeSpan AnswerWithin { get; }

    /// <summary>The largest body.</summary>
    int BodyBytes { get; }

    /// <summary>A delivery that comes again is the vendor's own retry: it is told that all is well. Otherwise it is refused.</summary>
    bool Retries { get; }

    /// <summary>Whether a text can be a key of this vendor; what is wrong with it, or null.</summary>
    string? WrongKey(string key);

    /// <summary>Checks the signature over the raw bytes, and then reads.</summary>
    /// <exception cref="Api.Problem">The request is not what it should be.</exception>
    Incoming Read(HookRequest request, HookSettings settings);

    /// <summary>The answer as JSON; empty for none.</summary>
    string Write(ChatReply reply);

    /// <summary>A late answer as JSON.</summary>
    string WriteLate(ChatReply reply, bool replaces);
}
