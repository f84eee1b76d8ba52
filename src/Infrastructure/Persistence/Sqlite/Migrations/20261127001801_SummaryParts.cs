using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace AIChat.Infrastructure.Persistence.Sqlite.Migrations
{
    /// <inheritdoc />
    internal sealed partial class SummaryParts : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "Digest",
                table: "rooms",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "DigestedUpTo",
                table: "rooms",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "summaryParts",
                columns: table => new
                {
                    Id = table.Column<string>(type: "TEXT", nullable: false),
                    RoomId = table.Column<string>(type: "TEXT", nullable: false),
                    FirstSeq = table.Column<long>(type: "INTEGER", nullable: false),
                    LastSeq = table.Column<long>(type: "INTEGER", nullable: false),
                    Body = table.Column<string>(type: "TEXT", nullable: false),
                    CreatedAt = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_summaryParts", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "summaryVotes",
                columns: table => new
                {
                    Id = table.Column<string>(type: "TEXT", nullable: false),
                    RoomId = table.Column<string>(type: "TEXT", nullable: false),
                    SummaryId = table.Column<string>(type: "TEXT", nullable: false),
                    UserId = table.Column<string>(type: "TEXT", nullable: false),
                    Point = table.Column<string>(type: "TEXT", nullable: true),
                    Engine = table.Column<string>(type: "TEXT", nullable: false),
                    IsUp = table.Column<bool>(type: "INTEGER", nullable: false),
                    Reason = table.Column<string>(type: "TEXT", nullable: true),
                    CreatedAt = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_summaryVotes", x => x.Id);
                });

            migrationBuilder.CreateIndex(
                name: "IX_summaryParts_RoomId_FirstSeq",
                table: "summaryParts",
                columns: new[] { "RoomId", "FirstSeq" });

            migrationBuilder.CreateIndex(
                name: "IX_summaryVotes_RoomId",
                table: "summaryVotes",
                column: "RoomId");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "summaryParts");

            migrationBuilder.DropTable(
                name: "summaryVotes");

            migrationBuilder.DropColumn(
                name: "Digest",
                table: "rooms");

            migrationBuilder.DropColumn(
                name: "DigestedUpTo",
                table: "rooms");
        }
    }
}
