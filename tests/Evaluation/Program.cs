using System.CommandLine;
using AIChat.Evaluation.Commands;
using AIChat.Evaluation.Summaries;
using AIChat.Evaluation.Training;

var root = new RootCommand("Measures the topic engine against data with people's judgements.")
{
    LinksCommand.Create(),
    RoomsCommand.Create(),
    RoomsGoldCommand.Create(),
    EmbedderCommand.Create(),
    ScoreCommand.Create(),
    SummaryEvaluation.Create(),
    TrainCommand.Create(),
    TrainWindowsCommand.Create(),
    SplicesCommand.Create(),
    TrainTurnsCommand.Create(),
    OutcomesCommand.Create(),
    FiguresCommand.Create(),
    AblateCommand.Create(),
    StabilityCommand.Create(),
    TreeCommand.Create(),
    DriftCommand.Create(),
    NamesCommand.Create(),
};
return await root.Parse(args).InvokeAsync();
