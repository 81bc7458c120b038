using Microsoft.Extensions.DependencyInjection;
using Refresh.Orchestrator.Serving.Chat.Desk;
using Refresh.Orchestrator.Serving.Chat.Hooks;

namespace Refresh.Orchestrator.Serving.Chat;

/// <summary>What chat and other webhooks are answered by.</summary>
internal static class ChatServices
{
    public static IServiceCollection AddChat(this IServiceCollection services) => services
        .AddSingleton<RunTargets>()
        .AddSingleton<StatusTalk>()
        .AddSingleton<PlanTalk>()
        .AddSingleton<WhyTalk>()
        .AddSingleton<LateReplies>()
        .AddSingleton<ChatDesk>()
        .AddSingleton<ImageDesk>()
        .AddSingleton<HookDesk>()
        .AddSingleton<Buttons>()
        .AddSingleton<LateAnswers>()
        .AddSingleton<HookEndpoint>()
        .AddSingleton<HookWork>()
        .AddHostedService(provider => provider.GetRequiredService<HookWork>());
}
