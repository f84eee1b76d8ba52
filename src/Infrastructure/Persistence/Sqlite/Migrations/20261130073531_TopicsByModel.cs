using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace AIChat.Infrastructure.Persistence.Sqlite.Migrations
{
    /// <inheritdoc />
    internal sealed partial class TopicsByModel : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<long>(
                name: "ModelFromSeq",
                table: "rooms",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.AddColumn<long>(
                name: "ModelUpToSeq",
                table: "rooms",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.AddColumn<int>(
                name: "TopicsBy",
                table: "rooms",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(
                name: "ModelFromSeq",
                table: "rooms");

            migrationBuilder.DropColumn(
                name: "ModelUpToSeq",
                table: "rooms");

            migrationBuilder.DropColumn(
                name: "TopicsBy",
                table: "rooms");
        }
    }
}
