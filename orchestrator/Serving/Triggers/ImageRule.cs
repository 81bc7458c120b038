using Refresh.Orchestrator.Journals.Service;
using Refresh.Orchestrator.Settings;
using Refresh.Workflows.Images;
using Refresh.Workflows.Machines;

namespace Refresh.Orchestrator.Serving.Triggers;

/// <summary>Whether an image that is new in the catalogue starts a run, and what it supersedes. Pure: the same look gives the same step.</summary>
internal static class ImageRule
{
    /// <summary>The images that may be newer than the one that was handled last, newest build first; that one again while its run was refused.</summary>
    /// <param name="images">The catalogue.</param>
    /// <param name="name">The name of the fleet's image.</param>
    /// <param name="last">The image that was handled last.</param>
    public static IEnumerable<GoldenImage> Candidates(IEnumerable<GoldenImage> images, string name, HandledTrigger? last) => images
        .Where(image => image.Ref.Name == name && (last is null || image.BuiltAt > last.Begins || (last.State == OrderState.Refused && image.Ref.Label == last.Subject)))
        .OrderByDescending(image => image.BuiltAt)
        .ThenByDescending(image => image.Ref.Version, StringComparer.Ordinal);

    /// <summary>Decides.</summary>
    /// <param name="look">What was seen.</param>
    /// <returns>What follows.</returns>
    public static ImageStep Decide(ImageLook look)
    {
        if (look.Last is null)
            return new ImageStep.Note(look.Newest, "it was there when the service began to look");
        if (look.Newest is not { } newest)
            return new ImageStep.Nothing();
        var known = newest.Ref.Label == look.Last.Subject && newest.BuiltAt == look.Last.Begins;
        if (known && (look.Holder is not null || !OpeningRule.IsTimeAgain(look.Last, look.Now)))
            return new ImageStep.Nothing();
        if (new[] { look.Holder, look.Latest }.FirstOrDefault(run => run?.Image.Ref.Name == newest.Ref.Name && run.Image.BuiltAt >= newest.BuiltAt) is { } there)
            return new ImageStep.Note(newest, $"run {there.Run} is to {there.Image.Ref.Label}, which is no older");
        if (known)
            return new ImageStep.TryAgain(look.Last);
        return look.Holder is { } holder ? Supersede(newest, holder, look.Superseding) : new ImageStep.Start(newest, null, null);
    }

    /// <summary>Decides on an image that somebody says was published. Unlike one that is found in the catalogue, it may be tried again.</summary>
    /// <param name="image">The image.</param>
    /// <param name="superseding">What the fleet file says of a newer image while a run is going.</param>
    /// <param name="latest">The run of the fleet that began last.</param>
    /// <returns>What follows.</returns>
    public static ImageStep Publish(GoldenImage image, Superseding superseding, SeenRun latest)
    {
        var (going, known) = (!RunMachine.IsFinal(latest.State), latest.Image.Ref.Name == image.Ref.Name);
        if (known && going && latest.Image.BuiltAt >= image.BuiltAt)
            return new ImageStep.Note(image, $"run {latest.Run} is to {latest.Image.Ref.Label}, which is no older");
        if (known && latest.Image.BuiltAt > image.BuiltAt)
            return new ImageStep.Note(image, $"run {latest.Run} went to {latest.Image.Ref.Label}, which is newer, and nothing takes a fleet back by itself");
        return going ? Supersede(image, latest, superseding) : new ImageStep.Start(image, null, null);
    }

    private static ImageStep Supersede(GoldenImage newest, SeenRun holder, Superseding superseding) => superseding switch
    {
        Superseding.Refuse => new ImageStep.Note(newest, $"run {holder.Run} to {holder.Image.Ref.Label} is going, and triggers.superseding is refuse"),
        Superseding.Replace when MayBeReplaced(holder, newest) => new ImageStep.Start(newest, holder, Replaces: holder),
        _ => new ImageStep.Start(newest, holder, null),
    };

    /// <summary>A rollback is a person's wish for safety, and a run to another image is no older version of this one: neither is cut short.</summary>
    private static bool MayBeReplaced(SeenRun holder, GoldenImage newest) =>
        !holder.GoingBack && holder.Image.Ref.Name == newest.Ref.Name && holder.State is RunState.Planned or RunState.AwaitingApproval or RunState.Waiting or RunState.Running or RunState.Paused;
}

/// <summary>A run as a trigger sees it.</summary>
/// <param name="Run">Its id.</param>
/// <param name="State">Its state.</param>
/// <param name="GoingBack">It is a rollback.</param>
/// <param name="Image">The image it goes to, or went to.</param>
internal sealed record SeenRun(string Run, RunState State, bool GoingBack, GoldenImage Image);

/// <summary>What is seen of a fleet's catalogue.</summary>
/// <param name="Superseding">What the fleet file says of a newer image while a run is going.</param>
/// <param name="Newest">The newest candidate that every gate lets pass.</param>
/// <param name="Now">When.</param>
/// <param name="Last">The image that was handled last.</param>
/// <param name="Latest">The run of the fleet that began last.</param>
/// <param name="Holder">The fleet's unfinished run.</param>
internal sealed record ImageLook(Superseding Superseding, GoldenImage? Newest, DateTimeOffset Now, HandledTrigger? Last, SeenRun? Latest, SeenRun? Holder);

/// <summary>What follows of a look at a catalogue.</summary>
internal abstract record ImageStep
{
    /// <summary>Nothing.</summary>
    internal sealed record Nothing : ImageStep;

    /// <summary>The image is handled, and no run is ordered.</summary>
    /// <param name="Image">The image; null when there is none that the gates let pass.</param>
    /// <param name="Why">Why.</param>
    internal sealed record Note(GoldenImage? Image, string Why) : ImageStep;

    /// <summary>A run is ordered.</summary>
    /// <param name="Image">The image.</param>
    /// <param name="WaitsFor">The unfinished run that it waits for.</param>
    /// <param name="Replaces">The run that is cancelled for it.</param>
    internal sealed record Start(GoldenImage Image, SeenRun? WaitsFor, SeenRun? Replaces) : ImageStep;

    /// <summary>What stood in the way may have gone.</summary>
    /// <param name="Last">The image, with the order that was refused.</param>
    internal sealed record TryAgain(HandledTrigger Last) : ImageStep;
}
