namespace Refresh.Lab.Guests;

/// <summary>How a guest's machine treats it. The lab writes it to the guest's standard input, one line of JSON; a later line replaces it.</summary>
/// <param name="BootDelayMs">Time from power to the first answer.</param>
/// <param name="NeverBoots">Whether it never listens.</param>
/// <param name="Sick">Whether its health check answers 503.</param>
/// <param name="SlowMs">Time added to every answer.</param>
/// <param name="FlapMs">Time between two changes of its health; 0 for none.</param>
/// <param name="DiesAfterMs">Time from its boot, or from this line, to its end; 0 for none.</param>
internal sealed record GuestBehaviour(
    int BootDelayMs = 0,
    bool NeverBoots = false,
    bool Sick = false,
    int SlowMs = 0,
    int FlapMs = 0,
    int DiesAfterMs = 0);
