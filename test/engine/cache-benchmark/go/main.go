package main

import (
	"context"
	"log"
	"net/http"

	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/gin-gonic/gin"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	"google.golang.org/grpc"
)

func main() {
	settings, err := config.LoadDefaultConfig(context.Background())
	if err != nil {
		log.Fatal(err)
	}
	orders := dynamodb.NewFromConfig(settings)
	files := s3.NewFromConfig(settings)
	router := gin.Default()
	router.GET("/metrics", gin.WrapH(promhttp.Handler()))
	router.GET("/", func(answer *gin.Context) {
		answer.JSON(http.StatusOK, gin.H{"regions": []string{orders.Options().Region, files.Options().Region}, "grpc": grpc.Version})
	})
	log.Fatal(router.Run())
}
